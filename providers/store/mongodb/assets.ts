import { AssetDocument } from '../../../schemas/records.ts';
import type { AssetStore } from '../../../ports/store.ts';
import { bulkReplace } from './bulk.ts';
import type { Connection } from './connect.ts';
import { key, parse } from './documents.ts';

const PAGE = 200;
const Source = AssetDocument.pick({ inventorySource: true });

export function createAssets(connection: Connection): AssetStore {
  const assets = connection.collection('assets');
  return {
    upsertMany: (documents) =>
      bulkReplace(
        connection,
        assets,
        documents.map((d) => ({ _id: d.asset.assetKey, ...d })),
      ),

    async get(assetKey) {
      const _id = key(assetKey, 'assetKey');
      const raw = await connection.run('assets.get', () => assets.findOne({ _id }));
      return raw && parse(AssetDocument, raw, { collection: 'assets', id: _id });
    },

    async inSweep(sweepId, assetKeys) {
      const where = { _id: { $in: assetKeys.map((k) => key(k, 'assetKey')) }, sweepId: key(sweepId, 'sweepId') };
      const rows = await connection.run('assets.inSweep', () =>
        assets.find(where, { projection: { inventorySource: 1 } }).toArray(),
      );
      return new Map(rows.map((row) => [row._id, Source.parse(row).inventorySource ?? null]));
    },

    async *list(filter = {}) {
      const where = {
        ...(filter.accountId !== undefined && { 'asset.accountId': key(filter.accountId, 'accountId') }),
        ...(filter.region !== undefined && { 'asset.region': key(filter.region, 'region') }),
        ...(filter.sweepId !== undefined && { sweepId: key(filter.sweepId, 'sweepId') }),
      };
      const page = (after: string | null) =>
        connection.run('assets.list', () =>
          assets
            .find({ ...where, ...(after !== null && { _id: { $gt: after } }) })
            .sort({ _id: 1 })
            .limit(PAGE)
            .toArray(),
        );
      // Pages by the last key instead of one long cursor: a slow consumer cannot lose it to a cursor time-out.
      let rows = await page(null);
      for (let last = rows.at(-1); last; last = rows.at(-1)) {
        for (const raw of rows) yield parse(AssetDocument, raw, { collection: 'assets', id: raw._id });
        if (rows.length < PAGE) return;
        rows = await page(last._id);
      }
    },
  };
}
