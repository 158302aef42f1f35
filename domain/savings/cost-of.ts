import { Decimal } from 'decimal.js';
import type { CloudFacts, InstanceFacts } from '../../schemas/cloud-facts.ts';
import type { AssetCost } from '../../schemas/cost.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import { cloudOf } from '../clouds/index.ts';
import type { PriceList } from '../clouds/port.ts';

export type Basis = 'billed' | 'list-price';

export interface MonthlyCost {
  readonly amount: Decimal;
  readonly currency: string;
  readonly basis: Basis;
}

/**
 * What the asset costs per month of 730 h: the billed, amortised run-rate, else the list price in USD, else null.
 * A negative or unreadable run-rate is no cost we can build on.
 */
export function monthlyCost(record: AssetRecord): MonthlyCost | null {
  const billed = billedAmount(record.cost);
  if (billed !== null && record.cost !== null)
    return { amount: billed, currency: record.cost.BillingCurrency, basis: record.cost.basis };
  const listed = record.facts === null ? null : (pricesOf(record.facts)?.listMonthly(record.facts) ?? null);
  return listed === null ? null : { amount: listed, currency: 'USD', basis: 'list-price' };
}

function billedAmount(cost: AssetCost | null): Decimal | null {
  if (cost === null) return null;
  try {
    const amount = new Decimal(cost.monthlyRunRate);
    return amount.isFinite() && amount.gte(0) ? amount : null;
  } catch {
    return null;
  }
}

/** What hangs on an instance, at USD list prices; null where we have no price for a disk. */
export interface Attached {
  readonly disks: Decimal | null;
  /** The part that goes when the instance is terminated. */
  readonly disksDeleted: Decimal | null;
  readonly snapshots: Decimal;
  /** A static address costs the same bound or not. */
  readonly address: Decimal;
}

export function attachedTo(facts: InstanceFacts): Attached {
  let disks: Decimal | null = new Decimal(0);
  let disksDeleted: Decimal | null = new Decimal(0);
  let snapshots = new Decimal(0);
  const prices = pricesOf(facts);
  for (const volume of facts.volumes) {
    const price = prices?.volumeMonthly(volume) ?? null;
    disks = price === null ? null : (disks?.plus(price) ?? null);
    if (volume.deletedWithInstance) disksDeleted = price === null ? null : (disksDeleted?.plus(price) ?? null);
    snapshots = snapshots.plus(prices?.snapshotMonthly(volume.sizeGiB) ?? 0);
  }
  const address = (facts.staticAddressId === null ? null : prices?.addressMonthly()) ?? new Decimal(0);
  return { disks, disksDeleted, snapshots, address };
}

/**
 * The instance's own compute per month. Every cloud bills disks and addresses under ids of their own, so the line of the
 * instance is compute alone; only a line of some other service is taken as a total, and what would stay is taken off.
 */
export function computeCost(record: AssetRecord, facts: InstanceFacts): MonthlyCost | null {
  if (facts.state !== 'running' && facts.state !== 'stopped-allocated')
    return { amount: new Decimal(0), currency: 'USD', basis: 'list-price' };
  const total = monthlyCost(record);
  if (total === null || total.basis === 'list-price' || isComputeOnly(record)) {
    if (total !== null) return total;
    const listed = pricesOf(facts)?.instanceMonthly(facts.instanceType) ?? null;
    return listed === null ? null : { amount: listed, currency: 'USD', basis: 'list-price' };
  }
  const attached = attachedTo(facts);
  const stays = attached.disks?.plus(attached.address) ?? null;
  if (stays === null || (total.currency !== 'USD' && stays.gt(0))) return null;
  return { ...total, amount: Decimal.max(0, total.amount.minus(stays)) };
}

function isComputeOnly({ asset, cost }: AssetRecord): boolean {
  return cloudOf(asset.provider)?.isComputeOnly(cost?.ServiceName ?? null) ?? false;
}

function pricesOf(facts: Pick<CloudFacts, 'provider'>): PriceList | null {
  return cloudOf(facts.provider)?.prices ?? null;
}

export interface Commitment {
  /** Share of the usage a commitment pays for, 0–1. */
  readonly share: Decimal;
  readonly kind: 'reservation' | 'savings-plan' | null;
  readonly endsAt: string | null;
}

/** A commitment that has ended binds nothing; one without a stated share is taken to cover everything. */
export function commitmentOf(record: AssetRecord): Commitment {
  const cost = record.cost;
  if (cost === null || cost.CommitmentDiscountType === null)
    return { share: new Decimal(cost?.commitmentCoverage ?? 0), kind: null, endsAt: null };
  const ended = cost.commitmentEndsAt !== null && Date.parse(cost.commitmentEndsAt) <= Date.parse(record.observedAt);
  const share = ended ? 0 : cost.commitmentCoverage > 0 ? Math.min(1, cost.commitmentCoverage) : 1;
  return { share: new Decimal(share), kind: cost.CommitmentDiscountType, endsAt: cost.commitmentEndsAt };
}
