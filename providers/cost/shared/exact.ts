import { Decimal } from 'decimal.js';

/** Sums stay exact to the last digit: nothing a bill may hold reaches this precision. */
export const Exact = Decimal.clone({ precision: 200, toExpNeg: -100, toExpPos: 100 });

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** A bill counts neither in 10⁻³⁰ nor in 10³⁰; a number that does would only make sums endless. */
const MAX_EXPONENT = 30;
const MAX_DIGITS = 60;

/** Exact number, or undefined when the text is none. */
export function decimalOf(text: string): Decimal | undefined {
  if (!DECIMAL.test(text) || text.length > 2 * MAX_DIGITS) return undefined;
  const value = new Exact(text);
  return Math.abs(value.e) > MAX_EXPONENT || value.precision() > MAX_DIGITS ? undefined : value;
}
