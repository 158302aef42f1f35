import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import type { Connection, Document } from './connect.ts';
import { encode } from './documents.ts';

/** Small enough to stay far below the 48 MB message limit with a month of hourly metrics per document. */
const BATCH = 200;

/** Replaces or inserts each document by its `_id`; repeating it changes nothing. */
export function bulkReplace(
  connection: Connection,
  collection: Collection<Document>,
  documents: readonly Document[],
): Promise<void> {
  return bulk(connection, collection, documents, (document) => ({
    replaceOne: { filter: { _id: document._id }, replacement: encode(document) as Document, upsert: true },
  }));
}

/** Inserts each document whose `_id` is not there yet; the others are left as they are. */
export function bulkInsert(
  connection: Connection,
  collection: Collection<Document>,
  documents: readonly Document[],
): Promise<void> {
  return bulk(connection, collection, documents, (document) => {
    const { _id, ...rest } = encode(document) as Document;
    return { updateOne: { filter: { _id: document._id }, update: { $setOnInsert: rest }, upsert: true } };
  });
}

async function bulk(
  connection: Connection,
  collection: Collection<Document>,
  documents: readonly Document[],
  write: (document: Document) => AnyBulkWriteOperation<Document>,
): Promise<void> {
  for (let start = 0; start < documents.length; start += BATCH) {
    const operations = documents.slice(start, start + BATCH).map(write);
    await connection.run(`${collection.collectionName}.bulkWrite`, () =>
      collection.bulkWrite(operations, { ordered: false }),
    );
  }
}
