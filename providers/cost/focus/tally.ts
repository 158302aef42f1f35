import type { Decimal } from 'decimal.js';
import { decimalOf, Exact } from '../shared/exact.ts';
import type { FocusEvent } from './read.ts';
import type { Complaint } from './row.ts';
import { textOf } from './values.ts';

/** Exact sums of one currency as plain decimal text. `file` counts every row whose amount is a number. */
export interface CurrencyTotals {
  readonly currency: string;
  readonly accepted: { readonly BilledCost: string; readonly EffectiveCost: string };
  readonly file: { readonly BilledCost: string; readonly EffectiveCost: string };
}

/** One reason with how often it occurred, and where first. */
export interface Reason extends Complaint {
  readonly rows: number;
  readonly firstLines: readonly string[];
}

export interface Tally {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly rejections: readonly Reason[];
  readonly doubts: readonly Reason[];
  readonly totals: readonly CurrencyTotals[];
  /** First start and last end of the accepted charges, ISO-8601; null without any. */
  readonly period: { readonly start: string; readonly end: string } | null;
  readonly categories: Readonly<Record<string, number>>;
}

type Column = 'BilledCost' | 'EffectiveCost';
type Sums = Record<'accepted' | 'file', Record<Column, Decimal>>;
type Counted = Complaint & { rows: number; firstLines: string[] };

const FIRST_LINES = 5;

/** Counts what a reader yields. `accepted + rejected` is always `rows`. */
export function createTally() {
  const counts = { accepted: 0, rejected: 0 };
  const sums = new Map<string, Sums>();
  const rejections = new Map<string, Counted>();
  const doubts = new Map<string, Counted>();
  const categories: Record<string, number> = {};
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;

  const add = (currency: string, of: 'accepted' | 'file', amounts: Partial<Record<Column, Decimal | undefined>>) => {
    const zero = () => ({ BilledCost: new Exact(0), EffectiveCost: new Exact(0) });
    const own = sums.get(currency) ?? { accepted: zero(), file: zero() };
    sums.set(currency, own);
    for (const column of ['BilledCost', 'EffectiveCost'] as const)
      own[of][column] = own[of][column].plus(amounts[column] ?? 0);
  };

  return {
    count(event: Exclude<FocusEvent, { kind: 'header' }>, file: string): void {
      const place = `${file}:${event.line}`;
      counts[event.kind]++;
      if (event.kind === 'rejected') {
        note(rejections, event.complaint, place);
        const amount = (column: Column) => decimalOf(textOf(event.cells[column]) ?? '');
        const stated = { BilledCost: amount('BilledCost'), EffectiveCost: amount('EffectiveCost') };
        if (stated.BilledCost || stated.EffectiveCost)
          add(textOf(event.cells['BillingCurrency']) ?? '(none)', 'file', stated);
        return;
      }
      const { row } = event;
      for (const doubt of event.doubts) note(doubts, doubt, place);
      for (const side of ['accepted', 'file'] as const)
        add(row.currency, side, { BilledCost: row.billed, EffectiveCost: row.effective });
      categories[row.category] = (categories[row.category] ?? 0) + 1;
      start = Math.min(start, row.start);
      end = Math.max(end, row.end);
    },
    result(): Tally {
      const { accepted, rejected } = counts;
      return {
        rows: accepted + rejected,
        accepted,
        rejected,
        rejections: byFrequency(rejections),
        doubts: byFrequency(doubts),
        totals: [...sums]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([currency, s]) => ({ currency, accepted: asText(s.accepted), file: asText(s.file) })),
        period: accepted === 0 ? null : { start: new Date(start).toISOString(), end: new Date(end).toISOString() },
        categories,
      };
    },
  };
}

/** The same column with the same fix is one reason; what was found is an example. */
function note(reasons: Map<string, Counted>, complaint: Complaint, place: string): void {
  const key = `${complaint.column}\n${complaint.fix}`;
  const known = reasons.get(key) ?? { ...complaint, rows: 0, firstLines: [] };
  known.rows++;
  if (known.firstLines.length < FIRST_LINES) known.firstLines.push(place);
  reasons.set(key, known);
}

function byFrequency(reasons: ReadonlyMap<string, Counted>): Counted[] {
  return [...reasons.values()].sort((a, b) => b.rows - a.rows);
}

function asText(sums: Record<Column, Decimal>): Record<Column, string> {
  return { BilledCost: sums.BilledCost.toFixed(), EffectiveCost: sums.EffectiveCost.toFixed() };
}
