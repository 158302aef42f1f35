import type { Decimal } from 'decimal.js';
import { dailyToMonthly } from '../../../domain/money.ts';
import type { AssetCost } from '../../../schemas/cost.ts';
import { DAY_MS, type DayCost, type ResourceLedger } from './ledger.ts';
import { Exact } from './values.ts';

export interface Frame {
  readonly accountId: string;
  readonly currency: string;
  /** Day number after the last day of the window and of the trend. */
  readonly end: number;
  readonly windowDays: number;
  readonly trendDays: number;
  readonly commitmentEnds: ReadonlyMap<string, number>;
}

/** A day may not cost more than this many times the day before. */
const JUMP = 10;

/**
 * Costs of one resource over the last days of the bill; null when it has none there. A resource created inside the
 * window starts with a partial day, which is left out of the run-rate; a day without a charge after that is zero.
 */
export function assetCost(resourceId: string, ledger: ResourceLedger, frame: Frame): AssetCost | null {
  const { accountId, currency, end, windowDays, trendDays, commitmentEnds } = frame;
  const days = daysBefore(end, windowDays);
  const first = days.findIndex((day) => ledger.days.has(day));
  if (first === -1) return null;
  const bornInside = first > 0 && ![...ledger.days.keys()].some((day) => day < (days[0] as number));
  const full = days.slice(bornInside ? first + 1 : 0);
  const total = (of: readonly number[], key: keyof DayCost): Decimal =>
    of.reduce((sum, day) => sum.plus(ledger.days.get(day)?.[key] ?? 0), new Exact(0));
  const effective = total(days, 'effective');
  const covered = total(days, 'covered');
  const mean = full.length > 0 ? total(full, 'effective').div(full.length) : effective;
  const [commitmentId, commitment] = payerOf(ledger, days[0] as number);
  const endsAt = commitmentEnds.get(commitmentId ?? '');
  return {
    ResourceId: resourceId,
    SubAccountId: accountId,
    RegionId: ledger.regionId,
    ServiceName: ledger.serviceName,
    BillingCurrency: currency,
    ChargePeriodStart: new Date((days[0] as number) * DAY_MS).toISOString(),
    ChargePeriodEnd: new Date(end * DAY_MS).toISOString(),
    BilledCost: total(days, 'billed').toFixed(),
    EffectiveCost: effective.toFixed(),
    CommitmentDiscountType: commitment?.kind ?? null,
    CommitmentDiscountId: commitmentId,
    commitmentCoverage: effective.isZero() ? 0 : Math.min(1, covered.div(effective).toDecimalPlaces(4).toNumber()),
    commitmentEndsAt: endsAt === undefined ? null : new Date(endsAt).toISOString(),
    monthlyRunRate: dailyToMonthly(mean.toString()),
    basis: 'billed',
    dailyTrend: daysBefore(end, trendDays).map((day) => ledger.days.get(day)?.effective.toFixed() ?? null),
  };
}

/** Why a resource's figures cannot be believed, or null. */
export function faultOf(ledger: ResourceLedger, { currency, end, windowDays }: Frame): string | null {
  const other = [...ledger.currencies].find((c) => c !== currency);
  if (other !== undefined) return `stated in ${other} instead of ${currency}`;
  for (const day of daysBefore(end, windowDays)) {
    const today = ledger.days.get(day)?.effective;
    const yesterday = ledger.days.get(day - 1)?.effective;
    if (today?.lt(0)) return `negative amount on ${dateOf(day)}`;
    // The first billed day is partial and proves nothing.
    if (!today || !yesterday || yesterday.lte(0) || !ledger.days.has(day - 2)) continue;
    if (today.gt(yesterday.times(JUMP))) return `more than ${JUMP} times the day before on ${dateOf(day)}`;
  }
  return null;
}

/** Day numbers, oldest first, without `end` itself. */
export function daysBefore(end: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => end - count + i);
}

export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The commitment that paid most and still pays. */
function payerOf({ commitments }: ResourceLedger, since: number) {
  const live = [...commitments].filter(([, share]) => share.lastDay >= since);
  return live.sort(([, a], [, b]) => b.paid.cmp(a.paid))[0] ?? ([null, null] as const);
}
