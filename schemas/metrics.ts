import { z } from 'zod';
import { IsoInstant } from './time.ts';

/**
 * One regular time series. `values[i]` belongs to the period that starts at `start + i × periodSeconds`;
 * `null` is a period without data. Source: CloudWatch GetMetricData, or any offline file of the same shape.
 */
export const MetricSeries = z.object({
  metric: z.string().min(1),
  statistic: z.enum(['Average', 'Maximum', 'Minimum', 'Sum', 'SampleCount']),
  unit: z.string(),
  start: IsoInstant,
  periodSeconds: z.number().int().positive(),
  values: z.array(z.number().nullable()),
});
export type MetricSeries = z.infer<typeof MetricSeries>;
