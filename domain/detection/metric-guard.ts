import type { Rule } from '../../schemas/rules.ts';
import type { Prepared, SeriesSummary, WindowName, WindowStats } from './types.ts';

/**
 * Why this series cannot carry a verdict of idle over this window; empty when it can.
 * Missing is never zero: each way of missing has its own code.
 */
export function metricDoubts(
  rule: Rule,
  metric: string,
  read: { series: SeriesSummary | null; window: WindowStats | null; isNomination: boolean },
): string[] {
  const { series, window } = read;
  if (series === null || window === null) return [`metrics-missing:${metric}`];
  if (series.unitRefused) return [`metrics-unit:${metric}`];
  const doubts: string[] = [];
  if (series.invalid > 0) doubts.push(`metrics-invalid:${metric}`);
  if (window.observed === 0) {
    doubts.push(`metrics-empty:${metric}`);
    return doubts;
  }
  const limit = rule.coverage;
  if (window.ratio < limit.minimumRatio)
    doubts.push(series.startsLate && !read.isNomination ? `series-too-short:${metric}` : `coverage-too-low:${metric}`);
  if (window.trailingGapHours > limit.maxTrailingGapHours) doubts.push(`metrics-gap-at-end:${metric}`);
  else if (window.longestGapHours > limit.maxGapHours) doubts.push(`metrics-gap:${metric}`);
  return doubts;
}

/** A month counts only when it is as complete as the fortnight must be. */
export function isWhole(rule: Rule, window: WindowStats): boolean {
  return window.ratio >= rule.coverage.minimumRatio && window.longestGapHours <= rule.coverage.maxGapHours;
}

/** The doubts of every series a rule reads, in their order. */
export function allDoubts({ rule, series }: Prepared, name: WindowName): string[] {
  const doubts: string[] = [];
  for (let i = 0; i < rule.metrics.length; i++) {
    // Accelerators have series of many names, and are asked for by what they are.
    if (rule.metrics[i]?.accelerator) continue;
    const read = series[i] ?? null;
    const window = read === null ? null : read[name];
    doubts.push(
      ...metricDoubts(rule, metricName(rule, i), { series: read, window, isNomination: name === 'nomination' }),
    );
  }
  return doubts;
}

/** What the provider calls the series at this place of the rule. */
export function metricName(rule: Rule, index: number): string {
  return rule.metrics[index]?.metric ?? `metrics.${index}`;
}
