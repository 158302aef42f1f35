import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';

export interface Grid {
  readonly startMs: number;
  readonly periodMs: number;
  readonly length: number;
}

/** One series under construction: filled page by page. */
export interface PartialSeries {
  readonly values: (number | null)[];
  /** CloudWatch's last word on it; null until it is mentioned. */
  status: string | null;
}

export function gridOf(window: { start: string; end: string; periodSeconds: number }): Grid {
  const startMs = Date.parse(window.start);
  const periodMs = window.periodSeconds * 1000;
  return { startMs, periodMs, length: Math.max(0, Math.ceil((Date.parse(window.end) - startMs) / periodMs)) };
}

export function emptySeries(grid: Grid): PartialSeries {
  return { values: Array.from({ length: grid.length }, () => null), status: null };
}

/**
 * Puts one page's datapoints where they belong. Checked by hand instead of with a schema: a batch holds 100,000 of
 * them. Throws a malformed ProviderError.
 */
export function addPage(series: PartialSeries, result: MetricDataResult, grid: Grid): void {
  const { Timestamps = [], Values = [], StatusCode } = result;
  if (Timestamps.length !== Values.length)
    throw malformed(`${Timestamps.length} timestamps for ${Values.length} values`);
  series.status = StatusCode ?? 'Unknown';
  for (let i = 0; i < Values.length; i++) {
    const value = Values[i];
    const time = Timestamps[i]?.getTime();
    if (typeof value !== 'number' || !Number.isFinite(value) || time === undefined || Number.isNaN(time)) {
      throw malformed(`datapoint ${i} of ${result.Id} is not a number at a time`);
    }
    // CloudWatch may round the first period's start down to a whole minute or hour.
    const index = Math.round((time - grid.startMs) / grid.periodMs);
    if (index >= 0 && index < grid.length) series.values[index] = value;
  }
}

export function finishedSeries(
  parts: { metric: string; statistic: MetricSeries['statistic']; unit: string; start: string; periodSeconds: number },
  series: PartialSeries,
): MetricSeries {
  return { ...parts, values: series.values };
}

function malformed(message: string): ProviderError {
  return new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: 'cloudwatch',
    operation: 'GetMetricData',
    message,
  });
}
