import type { Decimal } from 'decimal.js';
import { z } from 'zod';
import { billKey } from '../../../domain/cloud-ids/index.ts';
import { amountOf, type CostLine, type LineCommitment, leftOut, type Rejection, rejection } from './cost-line.ts';
import { Exact, isDust, isNegative, withoutDust } from './exact.ts';
import { createFacts, type ResourceFacts } from './resource-facts.ts';

/** One resource on one day: amortised, invoiced, and the amortised parts that a commitment paid for. Decimal text. */
export const DailyRow = z.object({
  amortized: z.string(),
  unblended: z.string(),
  reserved: z.string(),
  savingsPlan: z.string(),
});
export type DailyRow = z.infer<typeof DailyRow>;

export type Day = ReadonlyMap<string, DailyRow>;

/** The bill's rows by day and resource. A resource with one bad row is left out whole and named in `rejected`. */
export interface DailyRows {
  readonly byDay: ReadonlyMap<string, Day>;
  readonly facts: ReadonlyMap<string, ResourceFacts>;
  readonly rejected: readonly Rejection[];
  /** Sum of all lines by day, nobody's lines included. A day with a line that cannot be read has none. */
  readonly totals: ReadonlyMap<string, string>;
}

export interface DailyRowsOptions {
  readonly currency: string;
  /** Region, service and commitment are taken from lines of this day and later. @default all */
  readonly factsSince?: string;
}

/** Resources that are no resources. */
const UNATTRIBUTED = new Set(['', 'NoResourceId']);
/** How they are called where a wrong line of theirs is told. */
const NOBODY = '(no resource)';

type Sums = { -readonly [K in keyof DailyRow]: Decimal };
const ZERO = new Exact(0);

/** Adds up lines of any order and source. Every cost adapter whose platform answers in daily lines is made from it. */
export function createDailyRows({ currency, factsSince = '' }: DailyRowsOptions) {
  const byDay = new Map<string, Map<string, Sums>>();
  const totals = new Map<string, Decimal | null>();
  const rejected = new Map<string, string>();
  const counted = new Map<string, number>();
  const facts = createFacts();

  const add = (line: CostLine): void => {
    const { date, commitment } = line;
    const effective = amountOf(line.effective, line.currency, currency);
    const billed = line.billed === null ? null : amountOf(line.billed, line.currency, currency);
    const fault = 'fault' in effective ? effective.fault : billed && 'fault' in billed ? billed.fault : null;
    const before = totals.get(date);
    totals.set(date, 'fault' in effective || before === null ? null : effective.value.plus(before ?? 0));
    const resourceId = UNATTRIBUTED.has(line.resourceId) ? '' : billKey(line.resourceId);
    if (fault !== null || 'fault' in effective) {
      rejected.set(resourceId || NOBODY, `${fault} on ${date}`);
      return;
    }
    if (resourceId === '') return;
    const day = byDay.get(date) ?? new Map<string, Sums>();
    byDay.set(date, day);
    const invoiced = billed && 'value' in billed ? billed.value : commitment ? ZERO : effective.value;
    day.set(resourceId, plus(day.get(resourceId), { effective: effective.value, invoiced, commitment }));
    counted.set(resourceId, (counted.get(resourceId) ?? 0) + 1);
    if (date >= factsSince) facts.add(resourceId, line, effective.value);
  };

  const result = (): DailyRows => {
    const refusedLines = [...rejected.keys()];
    for (const resourceId of refusedLines) {
      const others = counted.get(resourceId) ?? 0;
      if (others > 0) rejected.set(resourceId, `${rejected.get(resourceId)}; ${leftOut(others)}`);
    }
    for (const [resourceId, reason] of unbelievable(byDay))
      if (!rejected.has(resourceId)) rejected.set(resourceId, reason);
    for (const day of byDay.values()) for (const resourceId of rejected.keys()) day.delete(resourceId);
    return {
      byDay: new Map(
        [...byDay].map(([date, day]) => [date, new Map([...day].map(([id, sums]) => [id, asText(sums)]))]),
      ),
      facts: facts.result(),
      rejected: [...rejected].map(([resourceId, reason]) => rejection(resourceId, reason)),
      totals: new Map([...totals].flatMap(([date, sum]) => (sum === null ? [] : [[date, sum.toFixed()]]))),
    };
  };

  return { add, result };
}

/** Most resources have one line a day, and most lines no commitment: nothing is computed for those. */
function plus(
  sums: Sums | undefined,
  add: { effective: Decimal; invoiced: Decimal; commitment: LineCommitment | null },
): Sums {
  const { effective, invoiced, commitment } = add;
  const part = (type: LineCommitment['type']) => (commitment?.type === type ? effective : ZERO);
  const own = {
    amortized: effective,
    unblended: invoiced,
    reserved: part('reservation'),
    savingsPlan: part('savings-plan'),
  };
  if (!sums) return own;
  return {
    amortized: sums.amortized.plus(effective),
    unblended: sums.unblended.plus(invoiced),
    reserved: own.reserved === ZERO ? sums.reserved : sums.reserved.plus(own.reserved),
    savingsPlan: own.savingsPlan === ZERO ? sums.savingsPlan : sums.savingsPlan.plus(own.savingsPlan),
  };
}

function asText({ amortized, unblended, reserved, savingsPlan }: Sums): DailyRow {
  const whole = withoutDust(amortized).toFixed();
  return {
    amortized: whole,
    unblended: unblended === amortized ? whole : withoutDust(unblended).toFixed(),
    reserved: reserved === ZERO ? '0' : withoutDust(reserved).toFixed(),
    savingsPlan: savingsPlan === ZERO ? '0' : withoutDust(savingsPlan).toFixed(),
  };
}

/** A day may not cost more than this many times the day before. */
const JUMP = 10;

/**
 * Resources with a negative day, or whose cost jumped. A first billed day may be partial and proves nothing, and so does the
 * first day that was asked about: nobody knows what was billed before it.
 */
function* unbelievable(byDay: ReadonlyMap<string, ReadonlyMap<string, Sums>>): Generator<[string, string]> {
  const days = [...byDay.keys()].sort();
  for (const [i, date] of days.entries()) {
    const [before, yesterday] = [days[i - 2], days[i - 1]].map((d) => (d ? byDay.get(d) : undefined));
    for (const [resourceId, today] of byDay.get(date) ?? []) {
      if (Object.values(today).some(isNegative)) {
        yield [resourceId, `negative amount on ${date}`];
        continue;
      }
      const last = yesterday?.get(resourceId);
      const partial = !before?.has(resourceId);
      if (!last || partial || isDust(last.amortized) || today.amortized.lte(last.amortized)) continue;
      if (today.amortized.gt(last.amortized.times(JUMP)))
        yield [resourceId, `more than ${JUMP} times the day before on ${date}`];
    }
  }
}
