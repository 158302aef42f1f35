import type { Decimal } from 'decimal.js';
import type { RejectedCost } from '../../../ports/cost.ts';
import { decimalOf } from './exact.ts';

export interface LineCommitment {
  readonly type: 'reservation' | 'savings-plan';
  /** Null where the source names none. */
  readonly id: string | null;
  /** ISO instant; null where the source does not say. */
  readonly endsAt: string | null;
}

/** One line of any platform's answer: a resource on a day, with amounts as the platform wrote them. */
export interface CostLine {
  /** UTC day, YYYY-MM-DD. */
  readonly date: string;
  /** As the bill spells it. Empty: nobody's. */
  readonly resourceId: string;
  /** Amortised. */
  readonly effective: string;
  /** Invoiced. Null where the platform states one kind only: nothing for what a commitment paid, else `effective`. */
  readonly billed: string | null;
  readonly currency: string;
  readonly commitment: LineCommitment | null;
  readonly regionId: string | null;
  readonly serviceName: string | null;
}

/** What cannot be believed of a bill, as the port tells it: `reason` is the whole of it in one sentence. */
export type Rejection = RejectedCost;

/** @param reason what is wrong, as in "negative amount on 2026-05-02" */
export function rejection(resourceId: string, reason: string, fix?: string): Rejection {
  return fix === undefined ? { resourceId, reason } : { resourceId, reason, fix };
}

/** Said of a resource one of whose lines was refused: a part of a bill is not what something costs. */
export function leftOut(others: number): string {
  return `its other ${others} charges are left out with it, for a part of a bill is not what something costs`;
}

export type Amount = { readonly value: Decimal } | { readonly fault: string };

/** An amount in the currency we count in, or why it is none. Whether it may be negative is for the day's sum to say. */
export function amountOf(text: string, stated: string, currency: string): Amount {
  if (stated !== currency) return { fault: `stated in ${stated.slice(0, 8)} instead of ${currency}` };
  const value = decimalOf(text);
  return value === undefined ? { fault: `amount "${text.slice(0, 20)}" is not a number` } : { value };
}
