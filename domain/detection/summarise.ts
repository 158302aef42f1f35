import type { MetricSeries } from '../../schemas/metrics.ts';
import type { RuleMetric } from '../../schemas/rules.ts';
import { DAY_SECONDS, dayOf } from './calendar.ts';
import { quantile } from './select.ts';
import type { SeriesSummary, WindowStats } from './types.ts';
import { unitFactor } from './units.ts';

export interface SummaryWindows {
  readonly nominationDays: number;
  readonly confidenceDays: number;
  readonly extendedDays: number;
  readonly lookbackDays: number;
}

/** Unusable samples are NaN inside; every comparison with them is false, so they never count. */
const MISSING = Number.NaN;

/**
 * Boils one series down to what rules ask. Windows end at `endEpoch` rounded down to the series' own period grid,
 * because the period that is still running has no final value.
 */
export function summarise(series: MetricSeries, endEpoch: number, windows: SummaryWindows): SeriesSummary {
  const period = series.periodSeconds;
  const start = Math.floor(Date.parse(series.start) / 1000);
  const phase = ((start % period) + period) % period;
  const end = Math.floor((endEpoch - phase) / period) * period + phase;
  const slots = Math.max(1, Math.round((windows.lookbackDays * DAY_SECONDS) / period));
  const grid = new Float64Array(slots).fill(MISSING);
  const offset = Math.round((end - start) / period) - slots;
  let invalid = 0;
  let firstSample = slots;
  for (let i = 0; i < slots; i++) {
    const value = series.values[i + offset];
    if (value === null || value === undefined) continue;
    if (!Number.isFinite(value) || value < 0) {
      invalid++;
      continue;
    }
    grid[i] = value;
    if (firstSample === slots) firstSample = i;
  }
  const confidenceSlots = Math.round((windows.confidenceDays * DAY_SECONDS) / period);
  const scratch = new Float64Array(slots);
  const lookback = stats(grid, scratch, windows.lookbackDays, period);
  const gridStart = end - slots * period;
  return {
    invalid,
    unitRefused: false,
    askedDays: start + series.values.length * period >= end ? (end - start) / DAY_SECONDS : 0,
    silentDays: lookback.trailingGapHours / 24,
    startsLate: firstSample > slots - confidenceSlots,
    nomination: stats(grid, scratch, windows.nominationDays, period),
    confidence: stats(grid, scratch, windows.confidenceDays, period),
    extended: stats(grid, scratch, windows.extendedDays, period),
    lookback,
    median: medianOf(grid, scratch),
    ...dayPeaks(grid, gridStart, period),
  };
}

function stats(grid: Float64Array, scratch: Float64Array, days: number, period: number): WindowStats {
  const expected = Math.max(1, Math.round((days * DAY_SECONDS) / period));
  const from = grid.length - expected;
  let n = 0;
  let sum = 0;
  let max = 0;
  let gap = 0;
  let longest = 0;
  for (let i = from; i < grid.length; i++) {
    const v = grid[i] as number;
    if (v >= 0) {
      scratch[n++] = v;
      sum += v;
      if (v > max) max = v;
      if (gap > longest) longest = gap;
      gap = 0;
    } else gap++;
  }
  if (gap > longest) longest = gap;
  const p95 = quantile(scratch, n, 0.95);
  const p99 = quantile(scratch, n, 0.99);
  const hours = period / 3600;
  return {
    days,
    expected,
    observed: n,
    ratio: n / expected,
    mean: n === 0 ? 0 : sum / n,
    p95,
    p99,
    max,
    sum,
    ...daySums(grid, from, period),
    longestGapHours: longest * hours,
    trailingGapHours: gap * hours,
  };
}

/** Sums per 24 hours counted back from the end, so that the newest block is always whole. */
function daySums(grid: Float64Array, from: number, period: number): { maxDaySum: number; p95DaySum: number } {
  const perDay = Math.max(1, Math.round(DAY_SECONDS / period));
  const sums = new Float64Array(Math.max(1, Math.ceil((grid.length - from) / perDay)));
  for (let i = from; i < grid.length; i++) {
    const v = grid[i] as number;
    if (v >= 0) {
      const block = Math.floor((grid.length - 1 - i) / perDay);
      sums[block] = (sums[block] as number) + v;
    }
  }
  let maxDaySum = 0;
  for (const s of sums) if (s > maxDaySum) maxDaySum = s;
  return { maxDaySum, p95DaySum: quantile(sums, sums.length, 0.95) };
}

function medianOf(grid: Float64Array, scratch: Float64Array): number {
  let n = 0;
  for (const v of grid) if (v >= 0) scratch[n++] = v;
  return quantile(scratch, n, 0.5);
}

function dayPeaks(grid: Float64Array, gridStart: number, period: number): { dayPeaks: Float64Array; firstDay: number } {
  const firstDay = dayOf(gridStart);
  const lastDay = dayOf(gridStart + (grid.length - 1) * period);
  const peaks = new Float64Array(lastDay - firstDay + 1).fill(-1);
  for (let i = 0; i < grid.length; i++) {
    const v = grid[i] as number;
    const d = dayOf(gridStart + i * period) - firstDay;
    if (v > (peaks[d] as number)) peaks[d] = v;
  }
  return { dayPeaks: peaks, firstDay };
}

/**
 * The series a rule's metric names. With several, the finest. A five-minute Average is taken for a Maximum:
 * it is exactly what EC2 basic monitoring records, and the hourly Maximum is made of the same points.
 */
export function seriesFor(all: readonly MetricSeries[], wanted: RuleMetric): MetricSeries | null {
  let best: MetricSeries | null = null;
  for (const s of all) {
    if (s.metric !== wanted.metric || s.periodSeconds > DAY_SECONDS || DAY_SECONDS % s.periodSeconds !== 0) continue;
    const sameStatistic =
      s.statistic === wanted.statistic ||
      (wanted.statistic === 'Maximum' && s.statistic === 'Average' && s.periodSeconds <= 300);
    if (!sameStatistic) continue;
    if (best === null || rank(s, wanted) < rank(best, wanted)) best = s;
  }
  return best;
}

function rank(s: MetricSeries, wanted: RuleMetric): number {
  const readable = unitFactor(s.unit, wanted.unit) === null ? 1e9 : 0;
  return readable + (s.statistic === wanted.statistic ? 0 : 1e6) + Math.abs(s.periodSeconds - wanted.periodSeconds);
}
