import { Decimal } from 'decimal.js';
import type { CloudFacts, LoadBalancerFacts } from '../../../schemas/cloud-facts.ts';
import { familyOf, linearRatio } from './shapes.ts';

/** Version of the table below; shown wherever a list price stands in for a bill. */
export const PRICE_TABLE_VERSION = '2024-09/eastus/USD';

/** All public list prices, pay as you go, Linux, East US, September 2024; none of them re-verified against a bill. */
const INSTANCE_HOUR: Readonly<Record<string, string>> = {
  Standard_B1ls: '0.0052',
  Standard_B1s: '0.0104',
  Standard_B1ms: '0.0207',
  Standard_B2s: '0.0416',
  Standard_B2ms: '0.0832',
  Standard_B4ms: '0.166',
  Standard_B8ms: '0.333',
  Standard_B12ms: '0.499',
  Standard_B16ms: '0.666',
  Standard_B20ms: '0.832',
  Standard_D2_v3: '0.096',
  Standard_D2s_v3: '0.096',
  Standard_D2_v4: '0.096',
  Standard_D2s_v4: '0.096',
  Standard_D2ds_v4: '0.113',
  Standard_D2as_v4: '0.096',
  Standard_D2_v5: '0.096',
  Standard_D2s_v5: '0.096',
  Standard_D2ds_v5: '0.113',
  Standard_D2as_v5: '0.086',
  Standard_D2ads_v5: '0.103',
  Standard_E2_v3: '0.126',
  Standard_E2s_v3: '0.126',
  Standard_E2_v4: '0.126',
  Standard_E2s_v4: '0.126',
  Standard_E2_v5: '0.126',
  Standard_E2s_v5: '0.126',
  Standard_E2ds_v5: '0.144',
  Standard_E2as_v5: '0.113',
  Standard_F2s_v2: '0.0846',
};

/** Managed disks are billed by the tier that holds them: size in GiB and USD per month, smallest first. */
const DISK_TIERS: Readonly<Record<string, readonly (readonly [gib: number, usd: string])[]>> = {
  Premium_LRS: [
    [32, '5.28'],
    [64, '10.21'],
    [128, '19.71'],
    [256, '38.01'],
    [512, '73.22'],
    [1024, '135.17'],
    [2048, '259.05'],
    [4096, '495.57'],
  ],
  StandardSSD_LRS: [
    [32, '2.40'],
    [64, '4.80'],
    [128, '9.60'],
    [256, '19.20'],
    [512, '38.40'],
    [1024, '76.80'],
    [2048, '153.60'],
    [4096, '307.20'],
  ],
  Standard_LRS: [
    [32, '1.54'],
    [64, '3.01'],
    [128, '5.89'],
    [256, '11.33'],
    [512, '21.76'],
    [1024, '40.96'],
    [2048, '77.83'],
    [4096, '143.36'],
  ],
};

const SNAPSHOT_GIB_MONTH = '0.05';
const STATIC_IPV4_HOUR = '0.005';
/** Up to five rules; each further one costs a little. Without rules a load balancer costs nothing. */
const BALANCER_HOUR = '0.025';
const FURTHER_RULE_HOUR = '0.01';
const RULES_INCLUDED = 5;
/** SQL managed instance, General Purpose; the first 32 GiB come with it. */
const INSTANCE_STORAGE_GIB_MONTH = '0.115';
const STORAGE_INCLUDED_GIB = 32;
const HOURS = 730;

/** USD per month of 730 h, or null when neither the size nor one of its series is in the table. */
export function instanceMonthly(vmSize: string): Decimal | null {
  const row = INSTANCE_HOUR[vmSize];
  if (row !== undefined) return new Decimal(row).times(HOURS);
  const sibling = familyOf(vmSize).find((s) => INSTANCE_HOUR[s.instanceType] !== undefined)?.instanceType;
  const ratio = sibling === undefined ? null : linearRatio(sibling, vmSize);
  const hour = sibling === undefined ? undefined : INSTANCE_HOUR[sibling];
  return ratio === null || hour === undefined ? null : new Decimal(hour).times(ratio).times(HOURS);
}

/** The price of the tier the disk falls into. Null for other types, zone-redundant ones and larger disks. */
export function volumeMonthly(v: { volumeType: string; sizeGiB: number }): Decimal | null {
  const tier = DISK_TIERS[v.volumeType]?.find(([gib]) => v.sizeGiB <= gib);
  return tier === undefined ? null : new Decimal(tier[1]);
}

/** Upper bound: a snapshot stores used blocks only, but we cannot see how many. */
export function snapshotMonthly(sizeGiB: number): Decimal {
  return new Decimal(SNAPSHOT_GIB_MONTH).times(sizeGiB);
}

export function addressMonthly(): Decimal {
  return new Decimal(STATIC_IPV4_HOUR).times(HOURS);
}

/** What a stopped managed instance keeps paying for, without its backups. */
export function databaseStorageMonthly(tier: string | null, sizeGiB: number | null): Decimal | null {
  if (tier !== 'GeneralPurpose' || sizeGiB === null) return null;
  return new Decimal(INSTANCE_STORAGE_GIB_MONTH).times(Math.max(0, sizeGiB - STORAGE_INCLUDED_GIB));
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
      // Off, but not deallocated, costs as much as running.
      return facts.state === 'running' || facts.state === 'stopped-allocated'
        ? instanceMonthly(facts.instanceType)
        : new Decimal(0);
    case 'volume':
      return volumeMonthly(facts);
    case 'address':
      return addressMonthly();
    case 'load-balancer':
      return balancerMonthly(facts);
    case 'database':
    case 'resource':
      return null;
  }
}

function balancerMonthly(facts: LoadBalancerFacts): Decimal {
  const rules = facts.listenerIds.filter((id) => !id.includes('/inboundnat')).length;
  if (rules === 0) return new Decimal(0);
  const further = new Decimal(FURTHER_RULE_HOUR).times(Math.max(0, rules - RULES_INCLUDED));
  return further.plus(BALANCER_HOUR).times(HOURS);
}
