import { z } from 'zod';
import { QuarantineEntry, SweepCounts } from '../../../schemas/records.ts';
import { digestOf } from '../../digest.ts';
import type { SweepStore } from '../../../ports/store.ts';
import { bulkReplace } from './bulk.ts';
import type { Connection } from './connect.ts';
import { encode, key, parse } from './documents.ts';

const StoredSweep = z.object({ sweepId: z.string(), startedAt: z.string() });
const StoredPage = z.object({ counts: SweepCounts });
const NOTHING: SweepCounts = {
  scanned: 0,
  idle: 0,
  active: 0,
  undetermined: 0,
  excluded: 0,
  skippedByLedger: 0,
  started: 0,
  quarantined: 0,
  failedPages: 0,
};

export function createSweeps(connection: Connection): SweepStore {
  const sweeps = connection.collection('sweeps');
  const pages = connection.collection('sweep_pages');
  const quarantine = connection.collection('quarantine');
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
        .reduce(addCounts, NOTHING);
    },

    async latest() {
      const [raw] = await connection.run('sweeps.latest', () =>
        sweeps.find({}).sort({ startedOn: -1 }).limit(1).toArray(),
      );
      return raw ? parse(StoredSweep, raw, { collection: 'sweeps', id: raw._id }) : null;
    },

    quarantine: (entries) =>
      bulkReplace(
        connection,
        quarantine,
        // The same defect met again by a retried page is one entry; its time is not part of what it is.
        entries.map((e) => ({ _id: digestOf([e.sweepId, e.source, e.rowId, e.field, e.found.toWellFormed()]), ...e })),
      ),

    async quarantined(sweepId) {
      const where = { sweepId: key(sweepId, 'sweepId') };
      const rows = await connection.run('quarantine.list', () => quarantine.find(where).toArray());
      return rows.map((raw) => parse(QuarantineEntry, raw, { collection: 'quarantine', id: raw._id }));
    },
  };
}

function addCounts(a: SweepCounts, b: SweepCounts): SweepCounts {
  const sum = { ...a };
  for (const name of Object.keys(sum) as (keyof SweepCounts)[]) sum[name] += b[name];
  return sum;
}
