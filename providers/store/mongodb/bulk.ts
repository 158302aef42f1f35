import type { Collection } from 'mongodb';
import type { Connection, Document } from './connect.ts';
import { encode } from './documents.ts';

/** Small enough to stay far below the 48 MB message limit with a month of hourly metrics per document. */
const BATCH = 200;

/** Replaces or inserts each document by its `_id`; repeating it changes nothing. */
export async function bulkReplace(
  connection: Connection,
  collection: Collection<Document>,
  documents: readonly Document[],
): Promise<void> {
  for (let start = 0; start < documents.length; start += BATCH) {
    const operations = documents.slice(start, start + BATCH).map((document) => ({
      replaceOne: {
        filter: { _id: document._id },
        replacement: encode(document) as Document,
        upsert: true,
      },
    }));
    await connection.run(`${collection.collectionName}.bulkWrite`, () =>
      collection.bulkWrite(operations, { ordered: false }),
    );
  }
}
