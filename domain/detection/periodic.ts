import { isMonthEdge } from './calendar.ts';
import type { SeriesSummary } from './types.ts';

export interface PeakThresholds {
  readonly peakFactor: number;
  readonly peakFloorPercent: number;
  readonly monthEdgeDays: number;
}

/** What the days with a peak have in common. `isolated` is one day that nothing repeats. */
export type PeakPattern = 'none' | 'isolated' | 'irregular' | 'daily' | 'weekly' | 'month-end';

/** Peaks on this share of all days or more are a daily job. */
const DAILY_SHARE = 0.7;

/**
 * Looks for load that comes back: a day peaks when its highest sample is `peakFactor` times the median sample and
 * above the floor. Low enough to pass the thresholds is not enough when it is somebody's weekly job.
 */
export function peakPattern(series: SeriesSummary, t: PeakThresholds): PeakPattern {
  const limit = Math.max(t.peakFloorPercent, series.median * t.peakFactor);
  const peaks = series.dayPeaks;
  let count = 0;
  let days = 0;
  let weekly = false;
  let monthEdge = false;
  for (let d = 0; d < peaks.length; d++) {
    const peak = peaks[d] as number;
    if (peak < 0) continue;
    days++;
    if (peak <= limit) continue;
    count++;
    if (isMonthEdge(series.firstDay + d, t.monthEdgeDays)) monthEdge = true;
    for (let back = d - 7; back >= 0 && !weekly; back -= 7) if ((peaks[back] as number) > limit) weekly = true;
  }
  if (count === 0) return 'none';
  if (count >= 3 && count >= days * DAILY_SHARE) return 'daily';
  if (weekly) return 'weekly';
  if (monthEdge) return 'month-end';
  return count === 1 ? 'isolated' : 'irregular';
}
