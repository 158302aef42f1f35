import type { AssetCost } from '../../../schemas/cost.ts';
import { assetCost } from '../shared/asset-cost.ts';
import { DAY_MS } from '../shared/days.ts';
import { isDust, isNegative, withoutDust } from '../shared/exact.ts';
import type { DayCost, ResourceLedger } from './ledger.ts';

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

/** Costs of one resource over the last days of the bill; null when it has none there. */
export function costOf(resourceId: string, ledger: ResourceLedger, frame: Frame): AssetCost | null {
  const { accountId, currency, end, windowDays, trendDays, commitmentEnds } = frame;
  const windowStart = end - windowDays;
  const [window, trend] = [daysBefore(end, windowDays), daysBefore(end, trendDays)];
  if (!window.some((day) => ledger.days.has(day))) return null;
  const [commitmentId, commitment] = payerOf(ledger, windowStart);
  const endsAt = commitmentEnds.get(commitmentId ?? '');
  return assetCost(
    {
      resourceId,
      regionId: ledger.regionId,
      serviceName: ledger.serviceName,
      commitment:
        commitment === null
          ? null
          : {
              type: commitment.kind,
              id: commitmentId,
              endsAt: endsAt === undefined ? null : new Date(endsAt).toISOString(),
            },
      older: [...ledger.days.keys()].some((day) => day < windowStart),
      window: window.map((day) => asCosted(ledger.days.get(day))),
      trend: trend.map((day) => asCosted(ledger.days.get(day))?.effective.toFixed() ?? null),
    },
    { accountId, currency, days: window.map(dateOf), trendDays: trend.map(dateOf) },
  );
}

function asCosted(day: DayCost | undefined): DayCost | undefined {
  if (day === undefined) return undefined;
  return { billed: withoutDust(day.billed), effective: withoutDust(day.effective), covered: withoutDust(day.covered) };
}

/** Why a resource's figures cannot be believed, or null. */
export function faultOf(ledger: ResourceLedger, { currency, end, windowDays }: Frame): string | null {
  const other = [...ledger.currencies].find((c) => c !== currency);
  if (other !== undefined) return `stated in ${other} instead of ${currency}`;
  for (const day of daysBefore(end, windowDays)) {
    const today = ledger.days.get(day)?.effective;
    const yesterday = ledger.days.get(day - 1)?.effective;
    if (today && isNegative(today)) return `negative amount on ${dateOf(day)}`;
    // The first billed day is partial and proves nothing.
    if (!today || !yesterday || isDust(yesterday) || yesterday.isNegative() || !ledger.days.has(day - 2)) continue;
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
