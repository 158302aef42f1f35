/** From `at` (epoch ms, in the bill's time) on, the asset costs `factor` times what it cost when seeded. */
export interface BillStep {
  at: number;
  readonly factor: number;
}

const DAY_MS = 86_400_000;

/** Full-price days that a span of one day amounts to, following the asset's cost steps. */
export function usedShare(steps: readonly BillStep[], span: { from: number; to: number }): number {
  if (span.to <= span.from) return 0;
  let factor = 1;
  let cursor = span.from;
  let used = 0;
  for (const step of steps) {
    const at = Math.min(Math.max(step.at, span.from), span.to);
    used += (at - cursor) * factor;
    cursor = at;
    factor = step.factor;
  }
  return (used + (span.to - cursor) * factor) / DAY_MS;
}
