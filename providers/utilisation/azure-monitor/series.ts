import type { MetricsQueryResult } from '@azure/monitor-query-metrics';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import type { MetricRequest, MetricWindow } from '../../../ports/utilisation.ts';
import { emptyValues, type Grid, numberIn } from '../shared/grid.ts';
import { AGGREGATION } from './batches.ts';

/** Azure's words for units → those of MetricSeries. */
const UNITS: Readonly<Record<string, string>> = {
  CountPerSecond: 'Count/Second',
  BytesPerSecond: 'Bytes/Second',
  MilliSeconds: 'Milliseconds',
};

/**
 * One asked-for series on the window's own grid. `problem` is Azure's word for why it cannot be believed. A metric the resource
 * does not publish (no agent) is a series full of nulls.
 */
export function seriesOf(
  { metric, statistic }: MetricRequest,
  from: { readonly window: MetricWindow; readonly grid: Grid; readonly result: MetricsQueryResult | undefined },
): { readonly series: MetricSeries; readonly problem: string | null } {
  const { window, grid, result } = from;
  const values = emptyValues(grid);
  const found = result?.metrics.find((m) => nameOf(m) === metric);
  const series: MetricSeries = {
    metric,
    statistic,
    unit: UNITS[found?.unit ?? ''] ?? found?.unit ?? 'Unknown',
    start: window.start,
    periodSeconds: window.periodSeconds,
    values,
  };
  if (result === undefined) return { series, problem: 'Missing' };
  const code = found?.errorCode;
  if (code !== undefined && code !== 'Success') return { series, problem: code };
  const [only, ...more] = found?.timeseries ?? [];
  // Asked for without a dimension there is one series; several would be a split we did not ask for.
  if (more.length > 0) return { series, problem: 'Split' };
  for (const point of only?.data ?? []) {
    const told: number | null | undefined = point[AGGREGATION[statistic]];
    const value = numberIn(told);
    // The client makes a date of whatever stands there.
    const time = point.timeStamp instanceof Date ? point.timeStamp.getTime() : Number.NaN;
    if (Number.isNaN(time) || (value === null && told !== undefined && told !== null))
      return { series, problem: `malformed: a datapoint of ${metric} is not a number at a time` };
    const index = Math.floor((time - grid.startMs) / grid.periodMs + 0.5);
    if (index >= 0 && index < grid.length) values[index] = value;
  }
  return { series, problem: null };
}

/** The client gives the translated name; the id ends in the real one. */
function nameOf(metric: { readonly id: string; readonly name: string }): string {
  return /\/metrics\/([^/].*)$/.exec(metric.id)?.[1] ?? metric.name;
}
