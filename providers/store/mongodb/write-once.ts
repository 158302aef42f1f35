import type { Collection } from 'mongodb';
import { canonicalJson } from '../../../schemas/digest.ts';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { Connection, Document } from './connect.ts';
import { decode, encode } from './documents.ts';
import { isDuplicateKey, storeError } from './errors.ts';

export interface WriteOnce {
  readonly connection: Connection;
  readonly collection: Collection<Document>;
  readonly document: Document;
  /** Fields that may have moved on since the first write and are left out of the comparison. */
  readonly ignoring?: readonly string[];
}

/** Inserts; an equal document already there is fine, a different one is refused. */
export async function writeOnce({ connection, collection, document, ignoring = [] }: WriteOnce): Promise<void> {
  const name = collection.collectionName;
  try {
    await connection.run(`${name}.insert`, () => collection.insertOne(encode(document) as Document));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const stored = await connection.run(`${name}.get`, () => collection.findOne({ _id: document._id }));
    if (stored && comparable(decode(stored), ignoring) === comparable(document, ignoring)) return;
    throw storeError(
      `${name}.insert`,
      ProviderErrorKind.Terminal,
      `${JSON.stringify(document._id)} exists with other content and is write-once; use a new id`,
    );
  }
}

function comparable(document: unknown, ignoring: readonly string[]): string {
  const kept = Object.entries(document as Record<string, unknown>).filter(([field]) => !ignoring.includes(field));
  return canonicalJson(Object.fromEntries(kept));
}
