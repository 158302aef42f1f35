import { randomBytes } from 'node:crypto';
import { Binary, type IndexDescription, type UpdateFilter } from 'mongodb';
import { z } from 'zod';
import { type Connection, connect, type Document, type MongoOptions } from '../store/mongodb/connect.ts';
import { parse } from '../store/mongodb/documents.ts';
import { isDuplicateKey } from '../store/mongodb/errors.ts';
import { ensureIndexes } from '../store/mongodb/indexes.ts';
import { createAtlasSearch } from './atlas/vector-search.ts';
import type { Embedded, MemoryRecords, NewRecord, Space, StoredRecord } from './records.ts';

export const MEMORY_INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  memory: [
    { name: 'by_change', key: { tenant: 1, changedOn: 1, id: 1 } },
    { name: 'by_id', key: { tenant: 1, id: 1 } },
    { name: 'expiry', key: { expiresOn: 1 }, expireAfterSeconds: 0 },
  ],
};

export interface MongoMemoryOptions extends MongoOptions {
  readonly tenant: string;
  /** @default null */
  readonly atlasIndex?: string | null;
}

/** @throws ProviderError `unavailable` when nobody answers */
export async function createMongoMemory(options: MongoMemoryOptions): Promise<MemoryRecords> {
  const connection = await connect(options);
  try {
    await ensureIndexes(connection, MEMORY_INDEXES);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return recordsOver(connection, options.tenant, options.atlasIndex ?? null);
}

/** Documents of one message. */
const PAGE = 500;

function recordsOver(connection: Connection, tenant: string, atlasIndex: string | null): MemoryRecords {
  const memory = connection.collection('memory');
  const salts = connection.durable('memory_salts');
  const atlas = createAtlasSearch({ connection, tenant, index: atlasIndex });
  const run = connection.run;
  const elsewhere = (space: Space) => ({
    tenant,
    $or: [{ model: { $ne: space.model } }, { dim: { $ne: space.dim } }, { version: { $ne: space.version } }],
  });
  return {
    async put(records, { onlyMissing = false } = {}) {
      if (records.length === 0) return;
      const operations = records.map((record) => ({
        updateOne: {
          // The tenant is in the key: nothing of another one can be met here.
          filter: { _id: `${tenant}/${record.id}` },
          update: onlyMissing ? { $setOnInsert: toDocument(record) } : stamped({ $set: toDocument(record) }),
          upsert: true,
        },
      }));
      const write = () => run('memory.put', () => memory.bulkWrite(operations, { ordered: false }));
      const stamp = () => {
        // By the database's clock, as every other change: one that runs ahead would hide what is changed after it.
        const ids = records.map((record) => record.id);
        const fresh = { tenant, id: { $in: ids }, changedOn: { $exists: false } };
        return run('memory.stamp', () => memory.updateMany(fresh, stamped({})));
      };
      try {
        await write();
      } catch (error) {
        // Two that insert the same key at once: one of them is told so, and finds it there the second time.
        if (!isDuplicateKey(error)) throw error;
        await write();
      }
      if (onlyMissing) await stamp();
    },

    async dropGuidanceBut(ids) {
      const gone = { tenant, kind: { $in: ['guidance', 'policy'] }, id: { $nin: [...ids] } };
      await run('memory.drop', () => memory.deleteMany(gone));
    },

    async *changedSince(since, space) {
      const filter = { tenant, ...(since && { changedOn: { $gte: since } }) };
      // Vectors are most of the bytes: without a space to compare in, they stay where they are.
      const projection = space === null ? { vector: 0, text: 0 } : { text: 0 };
      const cursor = memory.find(filter, { projection, batchSize: PAGE }).sort({ changedOn: 1, id: 1 });
      try {
        while (await run('memory.changed', () => cursor.hasNext()))
          for (const row of cursor.readBufferedDocuments()) {
            const record = toRecord(row, tenant);
            if (record) yield record;
          }
      } finally {
        await cursor.close();
      }
    },

    async ofOtherSpace(space, after, limit) {
      const filter = { ...elsewhere(space), ...(after !== null && { id: { $gt: after } }) };
      const rows = await run('memory.stale', () => memory.find(filter).sort({ id: 1 }).limit(limit).toArray());
      return rows.flatMap((row) => toRecord(row, tenant) ?? []);
    },

    countOfOtherSpace: (space) => run('memory.count', () => memory.countDocuments(elsewhere(space))),

    async replaceVector(record, { text, embedded }) {
      const unchanged = { _id: `${tenant}/${record.id}`, tenant, changedOn: record.changedOn };
      const change = { text, ...vectorFields(embedded) };
      await run('memory.embed', () => memory.updateOne(unchanged, stamped({ $set: change })));
    },

    searches: () => atlas.ready(),
    nearest: (question) => atlas.nearest(question),

    async salt() {
      const fresh = randomBytes(32).toString('hex');
      try {
        await run('memory.salt', () => salts.insertOne({ _id: tenant, salt: fresh }));
        return fresh;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const stored = await run('memory.salt', () => salts.findOne({ _id: tenant }));
      return parse(z.object({ salt: z.string().min(32) }), stored, { collection: 'memory_salts', id: tenant }).salt;
    },

    async check() {
      const count = await run('memory.check', () =>
        memory.countDocuments({ tenant, kind: { $in: ['case', 'rejection'] } }),
      );
      return `${count} past case${count === 1 ? '' : 's'}${await atlas.check()}`;
    },
    close: () => connection.close(),
  };

  function toDocument(record: NewRecord): Record<string, unknown> {
    const { id, kind, text, past, expiresOn } = record;
    // What a vector index may filter by stands beside the case, not in it.
    const filters = past && {
      class: past.facets.kind,
      environment: past.facets.environment,
      action: past.action,
      end: past.end,
    };
    return { id, kind, tenant, text, past, expiresOn, ...filters, ...vectorFields(record.embedded) };
  }
}

/** By the server's clock: whoever reads what changed must not depend on the clocks of those who wrote. */
function stamped(update: { readonly $set?: Record<string, unknown> }): UpdateFilter<Document> {
  return { ...update, $currentDate: { changedOn: true } } as UpdateFilter<object> as UpdateFilter<Document>;
}

function vectorFields({ model, dim, version, vector }: Embedded): Record<string, unknown> {
  return { model, dim, version, vector: Binary.fromFloat32Array(vector) };
}

const Row = z.object({
  _id: z.string(),
  id: z.string(),
  tenant: z.string(),
  kind: z.string(),
  past: z.unknown(),
  changedOn: z.date(),
  expiresOn: z.date().nullish().catch(null),
  model: z.string().nullish().catch(null),
  dim: z.number().int().nullish().catch(null),
  version: z.number().int().nullish().catch(null),
  vector: z.instanceof(Binary).nullish().catch(null),
});

/** Null for a row that is not what its key says: it was not written by us. */
function toRecord(raw: Document, tenant: string): StoredRecord | null {
  const parsed = Row.safeParse(raw);
  if (!parsed.success) return null;
  const { _id, id, kind, past, changedOn, expiresOn = null } = parsed.data;
  if (parsed.data.tenant !== tenant || _id !== `${tenant}/${id}`) return null;
  return { id, kind, past, changedOn, expiresOn, embedded: embeddedOf(parsed.data) };
}

function embeddedOf({ model, dim, version, vector }: z.infer<typeof Row>): Embedded | null {
  if (!model || !dim || version == null || !vector) return null;
  try {
    const floats = vector.toFloat32Array();
    const sound = floats.length === dim && floats.every(Number.isFinite);
    return sound ? { model, dim, version, vector: floats } : null;
  } catch {
    // Not float32, or cut short.
    return null;
  }
}
