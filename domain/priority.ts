import { Decimal } from 'decimal.js';
import type { Money } from '../schemas/money.ts';

/**
 * saving × (1 + exposure ÷ 50) × confidence ÷ 100 ÷ (1 + risk of acting ÷ 50), rounded to two decimals.
 * Exposure can triple a rank and the risk of acting can divide it by three. A saving that is unknown or nil counts as
 * one unit, so that a dangerous asset without a bill still outranks a harmless one. Used for order only, never shown
 * as money; amounts of different currencies are compared as they stand.
 */
export function priorityOf(q: {
  readonly monthlySaving: Money | null;
  /** 0–100 each. */
  readonly exposureScore: number;
  readonly confidence: number;
  readonly riskOfActing: number;
}): number {
  const saving = Math.max(1, q.monthlySaving === null ? 0 : new Decimal(q.monthlySaving.amount).toNumber());
  const score = (saving * (1 + q.exposureScore / 50) * (q.confidence / 100)) / (1 + q.riskOfActing / 50);
  return Math.round(score * 100) / 100;
}
