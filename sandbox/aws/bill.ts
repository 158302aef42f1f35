import { Decimal } from 'decimal.js';
import { kindOf } from '../estate/kinds.ts';
import type { SeededAsset } from '../estate/types.ts';
import { usedShare } from '../kit/used-share.ts';
import { billedUntil, type World } from './world.ts';

const DAY_MS = 86_400_000;

export const CostService = {
  Compute: 'Amazon Elastic Compute Cloud - Compute',
  Ec2Other: 'EC2 - Other',
  LoadBalancing: 'Amazon Elastic Load Balancing',
  Vpc: 'Amazon Virtual Private Cloud',
  Rds: 'Amazon Relational Database Service',
  Storage: 'Amazon Simple Storage Service',
} as const;
export type CostService = (typeof CostService)[keyof typeof CostService];

/** One line of the bill before grouping. `unblended` is what was invoiced, `amortized` what it effectively costs. */
export interface BillRow {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly amortized: string;
  readonly unblended: string;
  readonly hours: string;
  readonly currency: string;
}

/** Costs of an account that no resource explains: data transfer, storage. */
const UNATTRIBUTED: readonly { service: CostService; daily: string }[] = [
  { service: CostService.Compute, daily: '0.37' },
  { service: CostService.Storage, daily: '3.1' },
];

/** All rows of one account on the UTC day that starts at `day` (epoch ms). */
export function billOfDay(world: World, accountId: string, day: number): BillRow[] {
  const now = billedUntil(world);
  if (day >= now) return [];
  const share = Math.min(1, (now - day) / DAY_MS);
  const unattributed = UNATTRIBUTED.map(({ service, daily }) =>
    row({ accountId, service, region: 'us-east-1', resourceId: 'NoResourceId' }, new Decimal(daily).times(share)),
  );
  return [
    ...world.estate.assets.filter((a) => a.accountId === accountId).flatMap((asset) => assetRows(world, asset, day)),
    ...unattributed,
  ];
}

function assetRows(world: World, asset: SeededAsset, day: number): BillRow[] {
  if (asset.dailyCost === null) return [];
  const born = world.estate.seededAt * 1000 - asset.createdDaysAgo * DAY_MS;
  const used = usedShare(world.bill.get(asset.name) ?? [], {
    from: Math.max(day, born),
    to: Math.min(day + DAY_MS, billedUntil(world)),
  });
  const place = {
    accountId: asset.accountId,
    service: serviceOf(asset),
    region: asset.region,
    resourceId: billedAs(asset),
  };
  const total = new Decimal(asset.dailyCost);
  const { type, coverage = 0 } = asset.commitment ?? {};
  const rows: BillRow[] = [];
  if (coverage > 0 && type) {
    const purchase = type === 'reservation' ? 'Standard Reserved Instances' : 'Savings Plans';
    const covered = total.times(coverage);
    if (used > 0) rows.push(row({ ...place, purchase, tags: asset.tags }, covered.times(used), new Decimal(0)));
    // A commitment nobody uses is still paid, but no resource is named for it any more.
    if (used < 1 && day >= born) {
      rows.push(row({ ...place, resourceId: 'NoResourceId', purchase }, covered.times(1 - used), new Decimal(0)));
    }
  }
  if (used > 0 && coverage < 1) rows.push(row({ ...place, tags: asset.tags }, total.times(1 - coverage).times(used)));
  const error = world.billErrors.get(asset.name);
  // A sudden jump shows on yesterday's and today's bill only.
  const wrong = error !== undefined && (error !== 'tenfold' || billedUntil(world) - day < 2 * DAY_MS);
  return wrong ? rows.map((r) => falsified(r, error)) : rows;
}

interface RowPlace {
  readonly accountId: string;
  readonly service: CostService;
  readonly region: string;
  readonly resourceId: string;
  readonly purchase?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

function row(place: RowPlace, amortized: Decimal, unblended = amortized): BillRow {
  return {
    dimensions: {
      LINKED_ACCOUNT: place.accountId,
      SERVICE: place.service,
      REGION: place.region,
      RESOURCE_ID: place.resourceId,
      PURCHASE_TYPE: place.purchase ?? 'On Demand Instances',
      RECORD_TYPE: 'Usage',
    },
    tags: place.tags ?? {},
    amortized: amortized.toDecimalPlaces(10).toString(),
    unblended: unblended.toDecimalPlaces(10).toString(),
    hours: '24',
    currency: 'USD',
  };
}

function falsified(r: BillRow, error: 'negative' | 'nan' | 'currency' | 'tenfold'): BillRow {
  switch (error) {
    case 'negative':
      return { ...r, amortized: `-${r.amortized}` };
    case 'nan':
      return { ...r, amortized: 'NaN' };
    case 'currency':
      return { ...r, currency: 'EUR' };
    case 'tenfold':
      return { ...r, amortized: new Decimal(r.amortized).times(11).toString() };
  }
}

function serviceOf(asset: SeededAsset): CostService {
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return CostService.Compute;
    case 'volume':
      return CostService.Ec2Other;
    case 'address':
      return CostService.Vpc;
    case 'load-balancer':
      return CostService.LoadBalancing;
    case 'database':
      return CostService.Rds;
    case 'resource':
      throw new Error(`${asset.name}: the AWS endpoint has no ${asset.resourceType}`);
  }
}

/** Instances and volumes are billed under their ids, the rest under ARNs. */
function billedAs(asset: SeededAsset): string {
  const byArn = asset.resourceType === 'AWS::EC2::EIP' || asset.resourceType === 'AWS::RDS::DBInstance';
  return byArn ? asset.assetKey : asset.resourceId;
}
