import { z } from 'zod';
import { QuarantineEntry, SweepCounts } from '../../../schemas/records.ts';
import { digestOf } from '../../../schemas/digest.ts';
import { addCounts, NO_COUNTS } from '../../../domain/sweep-counts.ts';
import type { SweepStore } from '../../../ports/store.ts';
import { bulkInsert } from './bulk.ts';
import type { Connection } from './connect.ts';
import { encode, key, parse } from './documents.ts';

const StoredSweep = z.object({ sweepId: z.string(), startedAt: z.string() });
const StoredPage = z.object({ counts: SweepCounts });

export function createSweeps(connection: Connection): SweepStore {
  const sweeps = connection.collection('sweeps');
  const pages = connection.collection('sweep_pages');
  const quarantine = connection.collection('quarantine');
  const recent: SweepStore['recent'] = async (most) => {
    const rows = await connection.run('sweeps.recent', () =>
      sweeps.find({}).sort({ startedOn: -1 }).limit(most).toArray(),
    );
    return rows.map((raw) => parse(StoredSweep, raw, { collection: 'sweeps', id: raw._id }));
  };
  return {
    async begin(sweepId, at) {
      const _id = key(sweepId, 'sweepId');
      const first = { sweepId: _id, startedAt: at, startedOn: new Date(at) };
      await connection.run('sweeps.begin', () => sweeps.updateOne({ _id }, { $setOnInsert: first }, { upsert: true }));
    },

    async addCounts(...page) {
      const [sweepId, partition, number, counts] = page;
      // The page's own document: counting it again replaces it.
      const _id = JSON.stringify([key(sweepId, 'sweepId'), key(partition, 'partition'), number]);
      const body = encode({ sweepId, partition, page: number, counts }) as Record<string, unknown>;
      await connection.run('sweeps.addCounts', () => pages.replaceOne({ _id }, body, { upsert: true }));
    },

    async totals(sweepId) {
      const _id = key(sweepId, 'sweepId');
      const begun = await connection.run('sweeps.get', () => sweeps.findOne({ _id }));
      if (!begun) return null;
      const rows = await connection.run('sweeps.totals', () => pages.find({ sweepId: _id }).toArray());
      return rows
        .map((raw) => parse(StoredPage, raw, { collection: 'sweep_pages', id: raw._id }).counts)
        .reduce((a, b) => addCounts(a, b), NO_COUNTS);
    },

    async latest() {
      return (await recent(1))[0] ?? null;
    },

    recent,

    async quarantine(entries, metBy) {
      // The same defect met again is one entry of the page that met it first; its time is not part of what it is.
      const documents = entries.map((e) => ({
        _id: digestOf([e.sweepId, e.source, e.operation, e.rowId, e.field, e.found.toWellFormed()]),
        ...e,
        metBy,
      }));
      await bulkInsert(connection, quarantine, documents);
      const mine = { _id: { $in: documents.map((d) => d._id) }, metBy: key(metBy, 'metBy') };
      return connection.run('quarantine.count', () => quarantine.countDocuments(mine));
    },

    async quarantined(sweepId) {
      const where = { sweepId: key(sweepId, 'sweepId') };
      const rows = await connection.run('quarantine.list', () => quarantine.find(where).toArray());
      return rows.map((raw) => parse(QuarantineEntry, raw, { collection: 'quarantine', id: raw._id }));
    },
  };
}
