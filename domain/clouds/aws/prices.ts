import { Decimal } from 'decimal.js';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import { sizeFactor } from './shapes.ts';

/** Version of the table below; shown wherever a list price stands in for a bill. */
export const PRICE_TABLE_VERSION = '2026-11-01/us-east-1/USD';

/**
 * How sure a row is. `bill`: unit price seen in a public FOCUS bill sample of September 2024.
 * `list`: well-known public list price, not re-verified. All on demand, Linux, shared tenancy, us-east-1.
 */
interface PriceRow {
  readonly usd: string;
  readonly source: 'bill' | 'list';
  readonly asOf: string;
}

const bill = (usd: string): PriceRow => ({ usd, source: 'bill', asOf: '2024-09' });
const list = (usd: string): PriceRow => ({ usd, source: 'list', asOf: '2024-09' });

/** USD per hour of one size of a family; the others follow, because prices are linear in size. */
const INSTANCE_HOUR: Readonly<Record<string, PriceRow>> = {
  't2.micro': bill('0.0116'),
  't3.medium': bill('0.0416'),
  't4g.medium': list('0.0336'),
  'm4.10xlarge': bill('2.00'),
  'm5.large': list('0.096'),
  'm6i.large': list('0.096'),
  'm7i.large': list('0.1008'),
  'm6g.large': list('0.077'),
  'm7g.large': list('0.0816'),
  'm7i-flex.xlarge': bill('0.19152'),
  'c5.large': bill('0.085'),
  'c6i.large': list('0.085'),
  'c6g.large': list('0.068'),
  'c7g.large': list('0.0725'),
  'r5.large': list('0.126'),
  'r6i.large': list('0.126'),
  'r6g.large': list('0.1008'),
};

/** USD per GB and month. */
const VOLUME_GIB_MONTH: Readonly<Record<string, PriceRow>> = {
  gp3: bill('0.08'),
  gp2: bill('0.10'),
  io1: list('0.125'),
  io2: list('0.125'),
  st1: list('0.045'),
  sc1: list('0.015'),
  standard: list('0.05'),
};

const IOPS_MONTH: Readonly<Record<string, PriceRow>> = {
  gp3: bill('0.005'),
  io1: list('0.065'),
  io2: list('0.065'),
};
const GP3_FREE_IOPS = 3000;
const GP3_FREE_THROUGHPUT = 125;
const GP3_MIBPS_MONTH = bill('0.04');
const SNAPSHOT_GIB_MONTH = bill('0.05');
const PUBLIC_IPV4_HOUR = bill('0.005');
const LOAD_BALANCER_HOUR: Readonly<Record<string, PriceRow>> = {
  application: bill('0.0225'),
  network: list('0.0225'),
  gateway: list('0.0125'),
};
const DATABASE_GIB_MONTH: Readonly<Record<string, PriceRow>> = {
  gp2: list('0.115'),
  gp3: list('0.115'),
  io1: list('0.125'),
};
const HOURS = 730;

/** USD per month of 730 h, or null when neither the type nor a size of its family is in the table. */
export function instanceMonthly(instanceType: string): Decimal | null {
  const row = INSTANCE_HOUR[instanceType];
  if (row !== undefined) return new Decimal(row.usd).times(HOURS);
  const family = `${instanceType.split('.')[0]}.`;
  const sibling = Object.entries(INSTANCE_HOUR).find(([type]) => type.startsWith(family));
  const factor = sizeFactor(instanceType);
  const base = sibling === undefined ? null : sizeFactor(sibling[0]);
  if (sibling === undefined || factor === null || base === null) return null;
  return new Decimal(sibling[1].usd).times(factor).div(base).times(HOURS);
}

/** Storage, and what is provisioned above the free baseline. Null for a volume type we have no price for. */
export function volumeMonthly(v: {
  volumeType: string;
  sizeGiB: number;
  iops?: number | null;
  throughput?: number | null;
}): Decimal | null {
  const row = VOLUME_GIB_MONTH[v.volumeType];
  if (row === undefined) return null;
  let total = new Decimal(row.usd).times(v.sizeGiB);
  const perIops = IOPS_MONTH[v.volumeType];
  const free = v.volumeType === 'gp3' ? GP3_FREE_IOPS : 0;
  if (perIops !== undefined && v.iops) total = total.plus(new Decimal(perIops.usd).times(Math.max(0, v.iops - free)));
  if (v.volumeType === 'gp3' && v.throughput)
    total = total.plus(new Decimal(GP3_MIBPS_MONTH.usd).times(Math.max(0, v.throughput - GP3_FREE_THROUGHPUT)));
  return total;
}

/** Upper bound: a snapshot stores used blocks only, but we cannot see how many. */
export function snapshotMonthly(sizeGiB: number): Decimal {
  return new Decimal(SNAPSHOT_GIB_MONTH.usd).times(sizeGiB);
}

/** Allocated storage of a database server, stopped or not. */
export function databaseStorageMonthly(storageType: string | null, sizeGiB: number | null): Decimal | null {
  const row = storageType === null ? undefined : DATABASE_GIB_MONTH[storageType];
  return row === undefined || sizeGiB === null ? null : new Decimal(row.usd).times(sizeGiB);
}

export function publicIpv4Monthly(): Decimal {
  return new Decimal(PUBLIC_IPV4_HOUR.usd).times(HOURS);
}

/** List price of the asset itself per month, in USD; null when the table has none. Traffic is not in it. */
export function listMonthly(facts: CloudFacts): Decimal | null {
  switch (facts.kind) {
    case 'instance':
      return facts.state === 'running' ? instanceMonthly(facts.instanceType) : new Decimal(0);
    case 'volume':
      return volumeMonthly(facts);
    case 'address':
      return publicIpv4Monthly();
    case 'load-balancer': {
      const row = LOAD_BALANCER_HOUR[facts.loadBalancerType];
      return row === undefined ? null : new Decimal(row.usd).times(HOURS);
    }
    case 'database':
    case 'resource':
      return null;
  }
}
