import { Decimal } from 'decimal.js';
import type { AddressFacts, CloudFacts } from '../../../schemas/cloud-facts.ts';
import { familyOf, linearRatio } from './shapes.ts';

/** Version of the table below; shown wherever a list price stands in for a bill. */
export const PRICE_TABLE_VERSION = '2024-09/us-central1/USD';

/** All public list prices, on demand, Linux, us-central1, September 2024; none of them re-verified against a bill. */
const INSTANCE_HOUR: Readonly<Record<string, string>> = {
  'e2-micro': '0.00838',
  'e2-small': '0.01675',
  'e2-medium': '0.03351',
  'e2-standard-2': '0.06701',
  'e2-highmem-2': '0.09040',
  'e2-highcpu-2': '0.04947',
  'n1-standard-1': '0.04750',
  'n1-highmem-2': '0.1184',
  'n1-highcpu-2': '0.0709',
  'n2-standard-2': '0.0971',
  'n2-highmem-2': '0.1310',
  'n2-highcpu-2': '0.0717',
  'n2d-standard-2': '0.0845',
  'n2d-highmem-2': '0.1140',
  'n2d-highcpu-2': '0.0624',
  'c2-standard-4': '0.2088',
  't2d-standard-1': '0.0422',
};

/** USD per GiB and month of zonal disks; Hyperdisks are priced by speed as well and have none here. */
const DISK_GIB_MONTH: Readonly<Record<string, string>> = {
  'pd-standard': '0.04',
  'pd-balanced': '0.10',
  'pd-ssd': '0.17',
};
const SNAPSHOT_GIB_MONTH = '0.05';
/** A reserved address costs more while nothing uses it. */
const UNUSED_IPV4_HOUR = '0.01';
const USED_IPV4_HOUR = '0.005';
/** Cloud SQL, one zone. */
const DATABASE_GIB_MONTH: Readonly<Record<string, string>> = { PD_SSD: '0.17', PD_HDD: '0.09' };
const HOURS = 730;

/** USD per month of 730 h, or null when neither the type nor one of its family is in the table. */
export function instanceMonthly(machineType: string): Decimal | null {
  const row = INSTANCE_HOUR[machineType];
  if (row !== undefined) return new Decimal(row).times(HOURS);
  const sibling = familyOf(machineType).find((s) => INSTANCE_HOUR[s.instanceType] !== undefined)?.instanceType;
  const ratio = sibling === undefined ? null : linearRatio(sibling, machineType);
  const hour = sibling === undefined ? undefined : INSTANCE_HOUR[sibling];
  return ratio === null || hour === undefined ? null : new Decimal(hour).times(ratio).times(HOURS);
}

export function volumeMonthly(v: { volumeType: string; sizeGiB: number }): Decimal | null {
  const price = DISK_GIB_MONTH[v.volumeType];
  return price === undefined ? null : new Decimal(price).times(v.sizeGiB);
}

/** Upper bound: a snapshot stores used blocks only, compressed, but we cannot see how many. */
export function snapshotMonthly(sizeGiB: number): Decimal {
  return new Decimal(SNAPSHOT_GIB_MONTH).times(sizeGiB);
}

export function addressMonthly(): Decimal {
  return new Decimal(UNUSED_IPV4_HOUR).times(HOURS);
}

/** What a stopped Cloud SQL instance keeps paying for, without its backups and its address. */
export function databaseStorageMonthly(type: string | null, sizeGiB: number | null): Decimal | null {
  const price = type === null ? undefined : DATABASE_GIB_MONTH[type];
  return price === undefined || sizeGiB === null ? null : new Decimal(price).times(sizeGiB);
}

/** Price of `to` as a share of the price of `from`, 0–1; null when that is not known. */
export function priceRatio(from: string, to: string): Decimal | null {
  const linear = linearRatio(from, to);
  if (linear !== null) return linear;
  const [was, is] = [INSTANCE_HOUR[from], INSTANCE_HOUR[to]];
  return was === undefined || is === undefined ? null : new Decimal(is).div(was);
}

/** List price of the asset itself per month, in USD; null when the table has none. Traffic is not in it. */
export function listMonthly(facts: CloudFacts): Decimal | null {
  switch (facts.kind) {
    case 'instance':
      // A suspended machine pays for its kept memory, by a size nobody tells.
      if (facts.state === 'suspended') return null;
      return facts.state === 'running' ? instanceMonthly(facts.instanceType) : new Decimal(0);
    case 'volume':
      return volumeMonthly(facts);
    case 'address':
      return priceOfAddress(facts);
    case 'load-balancer':
    case 'database':
    case 'resource':
      return null;
  }
}

function priceOfAddress(facts: AddressFacts): Decimal {
  return facts.state === 'unassociated' ? addressMonthly() : new Decimal(USED_IPV4_HOUR).times(HOURS);
}
