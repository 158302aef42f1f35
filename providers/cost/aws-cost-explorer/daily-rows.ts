import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { CostPage } from './answer.ts';

/** One resource on one day: amortised, invoiced, and the amortised parts that a commitment paid for. Decimal text. */
export const DailyRow = z.object({
  amortized: z.string(),
  unblended: z.string(),
  reserved: z.string(),
  savingsPlan: z.string(),
});
export type DailyRow = z.infer<typeof DailyRow>;

export interface Rejection {
  readonly resourceId: string;
  readonly reason: string;
}

/** The bill's rows by day and resource. A resource with one bad row is left out whole and named in `rejected`. */
export interface DailyRows {
  readonly byDay: ReadonlyMap<string, ReadonlyMap<string, DailyRow>>;
  readonly rejected: readonly Rejection[];
}

/** Resources that are no resources. */
const UNATTRIBUTED = new Set(['', 'NoResourceId']);
/** A day may not cost more than this many times the day before. */
const JUMP = 10;

export function dailyRows(pages: readonly CostPage[], currency: string): DailyRows {
  const byDay = new Map<string, Map<string, DailyRow>>();
  const rejected = new Map<string, string>();
  for (const { TimePeriod, Groups } of pages.flatMap((p) => p.ResultsByTime)) {
    const day = byDay.get(TimePeriod.Start) ?? new Map<string, DailyRow>();
    byDay.set(TimePeriod.Start, day);
    for (const { Keys, Metrics } of Groups) {
      const [resourceId = '', purchase = ''] = Keys;
      if (UNATTRIBUTED.has(resourceId)) continue;
      const { AmortizedCost, UnblendedCost = AmortizedCost } = Metrics;
      const reason = faultOf(AmortizedCost, currency) ?? faultOf(UnblendedCost, currency);
      if (reason) rejected.set(resourceId, `${reason} on ${TimePeriod.Start}`);
      else
        day.set(
          resourceId,
          plus(day.get(resourceId), { purchase, amortized: AmortizedCost.Amount, unblended: UnblendedCost.Amount }),
        );
    }
  }
  const days = [...byDay.keys()].sort();
  for (const [resourceId, reason] of jumps(byDay, days))
    if (!rejected.has(resourceId)) rejected.set(resourceId, reason);
  for (const day of byDay.values()) for (const resourceId of rejected.keys()) day.delete(resourceId);
  return { byDay, rejected: [...rejected].map(([resourceId, reason]) => ({ resourceId, reason })) };
}

/** The account's own total per day, oldest first. A day without a believable total is missing, never zero. */
export function accountDays(
  pages: readonly CostPage[],
  { accountId, currency }: { accountId: string; currency: string },
): { trend: { date: string; amount: string; currency: string }[]; rejected: Rejection[] } {
  const trend = [];
  const rejected: Rejection[] = [];
  for (const { TimePeriod, Groups } of pages.flatMap((p) => p.ResultsByTime)) {
    const total = Groups.find((g) => g.Keys[0] === accountId)?.Metrics.AmortizedCost;
    if (!total) continue;
    const reason = faultOf(total, currency);
    if (reason) rejected.push({ resourceId: accountId, reason: `${reason} on ${TimePeriod.Start}` });
    else trend.push({ date: TimePeriod.Start, amount: new Decimal(total.Amount).toString(), currency });
  }
  trend.sort((a, b) => (a.date < b.date ? -1 : 1));
  return { trend, rejected };
}

function faultOf({ Amount, Unit }: { Amount: string; Unit: string }, currency: string): string | null {
  if (Unit !== currency) return `stated in ${Unit.slice(0, 8)} instead of ${currency}`;
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(Amount)) return `amount "${Amount.slice(0, 20)}" is not a number`;
  return new Decimal(Amount).lt(0) ? 'negative amount' : null;
}

function plus(row: DailyRow | undefined, add: { purchase: string; amortized: string; unblended: string }): DailyRow {
  const sum = (before: string | undefined, amount: string) => new Decimal(before ?? 0).plus(amount).toString();
  const part = (kind: string) => (add.purchase.includes(kind) ? add.amortized : '0');
  return {
    amortized: sum(row?.amortized, add.amortized),
    unblended: sum(row?.unblended, add.unblended),
    reserved: sum(row?.reserved, part('Reserved')),
    savingsPlan: sum(row?.savingsPlan, part('Savings Plan')),
  };
}

/** Resources whose cost jumped from one day to the next. A first billed day is partial and proves nothing. */
function* jumps(
  byDay: ReadonlyMap<string, ReadonlyMap<string, DailyRow>>,
  days: readonly string[],
): Generator<[string, string]> {
  for (let i = 1; i < days.length; i++) {
    const [before, yesterday, today] = [days[i - 2], days[i - 1], days[i]].map((d) => (d ? byDay.get(d) : undefined));
    for (const [resourceId, row] of today ?? []) {
      const last = yesterday?.get(resourceId);
      const partial = i > 1 && !before?.has(resourceId);
      if (!last || partial || new Decimal(last.amortized).isZero()) continue;
      if (new Decimal(row.amortized).gt(new Decimal(last.amortized).times(JUMP))) {
        yield [resourceId, `more than ${JUMP} times the day before on ${days[i]}`];
      }
    }
  }
}
