import { Decimal } from 'decimal.js';
import { providerOf } from '../estate/kinds.ts';
import type { ResourceKind } from '../../schemas/resource-type.ts';
import type { SeededAsset } from '../estate/types.ts';
import type { BillQuery, BillSource, DailyBillRow } from '../kit/bill-source.ts';
import { usedShare } from '../kit/used-share.ts';
import type { CloudWorld } from './world.ts';

const DAY_MS = 86_400_000;

/** The bill of one cloud, following what was stopped and deleted there. `services` names each kind as that cloud bills it. */
export function billOf(world: CloudWorld, services: Readonly<Record<ResourceKind, string>>): BillSource {
  const until = () => world.now() + world.state.billAhead * DAY_MS;
  const kinds = new Map(world.state.resources.map((r) => [r.name, r.kind]));
  return {
    until,
    async rows(query: BillQuery) {
      const rows: DailyBillRow[] = [];
      for (let day = Date.parse(query.from); day < Date.parse(query.to) && day < until(); day += DAY_MS)
        for (const asset of world.assets) {
          if (query.accountIds && !query.accountIds.includes(asset.accountId)) continue;
          rows.push(
            ...rowsOf(world, asset, { day, until: until(), service: services[kinds.get(asset.name) ?? 'resource'] }),
          );
        }
      return rows;
    },
  };
}

function rowsOf(
  world: CloudWorld,
  asset: SeededAsset,
  on: { day: number; until: number; service: string },
): DailyBillRow[] {
  if (asset.dailyCost === null) return [];
  const born = world.estate.seededAt * 1000 - asset.createdDaysAgo * DAY_MS;
  const span = { from: Math.max(on.day, born), to: Math.min(on.day + DAY_MS, on.until) };
  const used = usedShare(world.state.bill[asset.name] ?? [], span);
  if (used === 0) return [];
  const { type, coverage = 0 } = asset.commitment ?? {};
  const total = new Decimal(asset.dailyCost).times(used);
  const row = (share: Decimal, commitment: DailyBillRow['commitment']): DailyBillRow => ({
    date: new Date(on.day).toISOString().slice(0, 10),
    provider: providerOf(asset.resourceType),
    accountId: asset.accountId,
    resourceId: asset.assetKey,
    resourceName: asset.name,
    region: asset.region,
    service: on.service,
    chargeType: 'usage',
    amount: share.toDecimalPlaces(10).toString(),
    billed: commitment === null ? share.toDecimalPlaces(10).toString() : '0',
    currency: 'USD',
    commitment,
    usage: { amount: '24', unit: 'Hours' },
    tags: asset.tags,
  });
  const rows: DailyBillRow[] = [];
  if (coverage > 0 && type) rows.push(row(total.times(coverage), { type, id: null, endsAt: null, unused: false }));
  if (coverage < 1) rows.push(row(total.times(1 - coverage), null));
  return rows;
}
