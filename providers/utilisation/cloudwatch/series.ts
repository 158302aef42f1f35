import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { emptyValues, type Grid, numberIn } from '../shared/grid.ts';

/** One series under construction: filled page by page. */
export interface PartialSeries {
  readonly values: (number | null)[];
  /** CloudWatch's last word on it; null until it is mentioned. */
  status: string | null;
  /** What of it made no sense, on whichever page. */
  fault: string | null;
}

export function emptySeries(grid: Grid): PartialSeries {
  return { values: emptyValues(grid), status: null, fault: null };
}

/**
 * Puts one page's datapoints where they belong. Checked by hand instead of with a schema: a batch holds 100,000 of them.
 * What is not a number at a time is the fault of this series alone.
 */
export function addPage(series: PartialSeries, result: MetricDataResult, grid: Grid): void {
  const { Timestamps, Values, StatusCode } = result;
  const [times, values] = [Timestamps ?? [], Values ?? []];
  series.status = StatusCode ?? 'Unknown';
  if (times.length !== values.length)
    series.fault ??= `malformed: ${times.length} timestamps for ${values.length} values`;
  for (let i = 0; i < values.length; i++) {
    const value = numberIn(values[i]);
    const time = times[i]?.getTime() ?? Number.NaN;
    if (value === null || Number.isNaN(time)) {
      series.fault ??= `malformed: datapoint ${i} is not a number at a time`;
      continue;
    }
    // CloudWatch may round the first period's start down to a whole minute or hour.
    const index = Math.round((time - grid.startMs) / grid.periodMs);
    if (index >= 0 && index < grid.length) series.values[index] = value;
  }
}
