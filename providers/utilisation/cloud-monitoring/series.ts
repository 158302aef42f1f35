import { z } from 'zod';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { MetricRequest, MetricWindow } from '../../../ports/utilisation.ts';
import { isFraction, type Source, unitOf } from './sources.ts';

const Labels = z.record(z.string(), z.unknown()).nullish();
const Value = z.object({
  doubleValue: z.number().nullish(),
  int64Value: z.union([z.string().regex(/^-?\d+$/), z.number()]).nullish(),
});

export const WireSeries = z.object({
  metric: z.object({ labels: Labels }).nullish(),
  resource: z.object({ labels: Labels }).nullish(),
  metadata: z.object({ systemLabels: Labels }).nullish(),
  points: z
    .array(z.object({ interval: z.object({ endTime: z.iso.datetime({ offset: true }) }), value: Value }))
    .nullish(),
});
export type WireSeries = z.infer<typeof WireSeries>;

export interface Grid {
  readonly startMs: number;
  readonly periodMs: number;
  readonly length: number;
}

export function gridOf(window: Pick<MetricWindow, 'start' | 'end' | 'periodSeconds'>): Grid {
  const startMs = Date.parse(window.start);
  const periodMs = window.periodSeconds * 1000;
  return { startMs, periodMs, length: Math.max(0, Math.ceil((Date.parse(window.end) - startMs) / periodMs)) };
}

/** What a series is about: place and name, as `keyOf` says it of an asset. */
export function subjectOf(row: WireSeries, source: Source): string {
  const place = source.placeLabel === null ? '' : labelOf(row, source.placeLabel);
  return `${place}/${labelOf(row, source.label)}`;
}

export function keyOf(request: MetricRequest, source: Source): string {
  return `${source.placeLabel === null ? '' : source.placeOf(request.asset)}/${source.valueOf(request.asset)}`;
}

function labelOf(row: WireSeries, path: string): string {
  const [part, , name = ''] = path.split('.');
  const labels = { metric: row.metric?.labels, resource: row.resource?.labels, metadata: row.metadata?.systemLabels };
  const found = labels[part as keyof typeof labels]?.[name];
  return typeof found === 'string' ? found : '';
}

/** The asked-for series on the window's own grid; a period without a point is null. @throws ProviderError malformed */
export function seriesOf(
  { metric, statistic }: MetricRequest,
  from: { readonly window: MetricWindow; readonly grid: Grid; readonly rows: readonly WireSeries[] },
): MetricSeries {
  const { window, grid, rows } = from;
  const values: (number | null)[] = Array.from({ length: grid.length }, () => null);
  for (const row of rows)
    for (const point of row.points ?? []) {
      const value = point.value.doubleValue ?? point.value.int64Value ?? null;
      if (value === null || !Number.isFinite(Number(value)))
        throw new ProviderError({
          kind: ProviderErrorKind.Malformed,
          provider: 'cloud-monitoring',
          operation: 'timeSeries.list',
          message: `a point of ${metric} is not a number`,
        });
      // A point stands for the period that ends at its time.
      const index = Math.round((Date.parse(point.interval.endTime) - grid.startMs) / grid.periodMs) - 1;
      if (index >= 0 && index < grid.length) values[index] = asRead(metric, statistic, Number(value));
    }
  const { start, periodSeconds } = window;
  return {
    metric,
    statistic,
    unit: statistic === 'SampleCount' ? 'Count' : unitOf(metric),
    start,
    periodSeconds,
    values,
  };
}

/** A share becomes percent, without the digits that binary numbers add. */
function asRead(metric: string, statistic: MetricRequest['statistic'], value: number): number {
  if (!isFraction(metric) || statistic === 'SampleCount') return value;
  return Number((value * 100).toPrecision(12));
}
