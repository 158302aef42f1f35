import { Decimal } from 'decimal.js';

/**
 * Words in place of numbers: what leaves for a model carries no amount that could be traced to a bill or an asset.
 * `unknown` is a band of its own, never the lowest one.
 */
function band(value: number | null, limits: readonly (readonly [number, string])[], above: string): string {
  if (value === null || !Number.isFinite(value)) return 'unknown';
  for (const [limit, name] of limits) if (value < limit) return name;
  return above;
}

/** Monthly cost in whatever currency; the currency is not told. */
export function costBand(amount: string | null): string {
  if (amount === null) return 'unknown';
  const limits = [
    [50, 'tiny'],
    [200, 'small'],
    [1000, 'medium'],
    [5000, 'large'],
  ] as const;
  return band(new Decimal(amount).toNumber(), limits, 'very-large');
}

/** Percent. */
export function cpuBand(percent: number | null): string {
  const limits = [
    [1, 'under-1'],
    [3, '1-to-3'],
    [5, '3-to-5'],
    [10, '5-to-10'],
    [40, '10-to-40'],
  ] as const;
  return band(percent, limits, 'over-40');
}

/** Bytes per day, in and out together. */
export function networkBand(bytesPerDay: number | null): string {
  const limits = [
    [100_000, 'silent'],
    [5_000_000, 'heartbeat'],
    [100_000_000, 'light'],
    [10_000_000_000, 'moderate'],
  ] as const;
  return band(bytesPerDay, limits, 'heavy');
}

export function ageBand(days: number | null): string {
  const limits = [
    [14, 'under-2-weeks'],
    [30, 'under-a-month'],
    [90, 'under-a-quarter'],
    [365, 'under-a-year'],
  ] as const;
  return band(days, limits, 'over-a-year');
}

export function countBand(count: number | null): string {
  const limits = [
    [1, 'none'],
    [6, '1-to-5'],
  ] as const;
  return band(count, limits, 'more-than-5');
}

/** 0–1 share, such as coverage. */
export function shareBand(ratio: number | null): string {
  const limits = [
    [0.5, 'under-half'],
    [0.95, 'most'],
    [0.9999, 'nearly-all'],
  ] as const;
  return band(ratio, limits, 'all');
}

/** 0–100 score. */
export function scoreBand(score: number | null): string {
  const limits = [
    [21, 'low'],
    [46, 'medium'],
    [71, 'high'],
  ] as const;
  return band(score, limits, 'critical');
}

/** Days of evidence. */
export function windowBand(days: number): string {
  const limits = [
    [14, 'a-week'],
    [30, 'a-fortnight'],
  ] as const;
  return band(days, limits, 'a-month');
}
