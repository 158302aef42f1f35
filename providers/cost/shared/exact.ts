import { Decimal } from 'decimal.js';

/** Sums stay exact to the last digit: nothing a bill may hold reaches this precision. */
export const Exact = Decimal.clone({ precision: 200, toExpNeg: -100, toExpPos: 100 });

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** A bill counts neither in 10⁻³⁰ nor in 10³⁰; a number that does would only make sums endless. */
const MAX_EXPONENT = 30;
const MAX_DIGITS = 60;

/** Amounts nearer to zero than a cent are nothing: what rounding and divided credits leave over. */
const CENT = '0.01';

export function isDust(amount: Decimal): boolean {
  return amount.abs().lt(CENT);
}

/** Below zero by more than dust: no asset costs that. */
export function isNegative(amount: Decimal): boolean {
  return amount.isNegative() && !isDust(amount);
}

/** The amount, with dust below zero taken for nothing. */
export function withoutDust(amount: Decimal): Decimal {
  return amount.isNegative() && isDust(amount) ? new Exact(0) : amount;
}

/** Exact number, or undefined when the text is none. */
export function decimalOf(text: string): Decimal | undefined {
  if (!DECIMAL.test(text) || text.length > 2 * MAX_DIGITS) return undefined;
  const value = new Exact(text);
  return Math.abs(value.e) > MAX_EXPONENT || value.precision() > MAX_DIGITS ? undefined : value;
}
