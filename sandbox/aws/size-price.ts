import { instanceDay } from '../estate/prices.ts';

/** Normalisation factors of the size ladder; inside a family the price follows them. */
const SMALL: Readonly<Record<string, number>> = { nano: 0.25, micro: 0.5, small: 1, medium: 2, large: 4, xlarge: 8 };

/** A price for comparing two instance types: the sandbox's list price, else the size's normalisation factor in cents. */
export function priceOf(instanceType: string): number {
  try {
    return Number(instanceDay(instanceType));
  } catch {
    const size = instanceType.split('.')[1] ?? '';
    const units = SMALL[size] ?? (Number.parseInt(size, 10) || 1) * 8;
    // m5.large, four units, costs 2.304 USD a day.
    return units * 0.576;
  }
}
