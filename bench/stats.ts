/** Nearest-rank quantile of unsorted numbers; NaN for none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `median [lowest–highest]`, so that nobody takes one sample for the truth. */
export function spread(values: readonly number[], digits = 1): string {
  const show = (value: number) => value.toLocaleString('en', { maximumFractionDigits: digits });
  if (values.length === 0) return 'no samples';
  return `${show(median(values))} [${show(Math.min(...values))}–${show(Math.max(...values))}]`;
}
