import { z } from 'zod';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import type { MetricRequest, MetricWindow } from '../../../ports/utilisation.ts';
import { emptyValues, type Grid, numberIn } from '../shared/grid.ts';
import { isFraction, type Source, unitOf } from './sources.ts';

const Labels = z.record(z.string(), z.unknown()).nullish();
/** What is no number (a distribution, a text) is refused by `seriesOf`, for its asset alone. */
const Value = z.looseObject({ doubleValue: z.unknown().optional(), int64Value: z.unknown().optional() });

/** The part of a series that says whose it is. */
export const Subject = z.object({
  metric: z.object({ labels: Labels }).nullish(),
  resource: z.object({ labels: Labels }).nullish(),
  metadata: z.object({ systemLabels: Labels }).nullish(),
});

export const WireSeries = Subject.extend({
  points: z
    .array(z.object({ interval: z.object({ endTime: z.iso.datetime({ offset: true }) }), value: Value }))
    .nullish(),
});
export type WireSeries = z.infer<typeof WireSeries>;

/** What a series is about: place and name, as `keyOf` says it of an asset. */
export function subjectOf(row: z.infer<typeof Subject>, source: Source): string {
  const place = source.placeLabel === null ? '' : labelOf(row, source.placeLabel);
  return `${place}/${labelOf(row, source.label)}`;
}

export function keyOf(request: MetricRequest, source: Source): string {
  return `${source.placeLabel === null ? '' : source.placeOf(request.asset)}/${source.valueOf(request.asset)}`;
}

function labelOf(row: z.infer<typeof Subject>, path: string): string {
  const [part, , name = ''] = path.split('.');
  const labels = { metric: row.metric?.labels, resource: row.resource?.labels, metadata: row.metadata?.systemLabels };
  const found = labels[part as keyof typeof labels]?.[name];
  return typeof found === 'string' ? found : '';
}

/** The asked-for series on the window's own grid; a period without a point is null. `problem`: why it cannot be believed. */
export function seriesOf(
  { metric, statistic }: MetricRequest,
  from: { readonly window: MetricWindow; readonly grid: Grid; readonly rows: readonly WireSeries[] },
): { readonly series: MetricSeries; readonly problem: string | null } {
  const { window, grid, rows } = from;
  const values = emptyValues(grid);
  let problem: string | null = null;
  for (const row of rows)
    for (const point of row.points ?? []) {
      const value = numberIn(point.value.doubleValue) ?? numberIn(point.value.int64Value);
      if (value === null) {
        problem ??= `malformed: a point of ${metric} is not a number`;
        continue;
      }
      // A point stands for the period that ends at its time.
      const index = Math.round((Date.parse(point.interval.endTime) - grid.startMs) / grid.periodMs) - 1;
      if (index >= 0 && index < grid.length) values[index] = asRead(metric, statistic, value);
    }
  const { start, periodSeconds } = window;
  const unit = statistic === 'SampleCount' ? 'Count' : unitOf(metric);
  return { series: { metric, statistic, unit, start, periodSeconds, values }, problem };
}

/** A share becomes percent, without the digits that binary numbers add. */
function asRead(metric: string, statistic: MetricRequest['statistic'], value: number): number {
  if (!isFraction(metric) || statistic === 'SampleCount') return value;
  return Number((value * 100).toPrecision(12));
}
