import { z } from 'zod';
import type { MetricSeries } from '../../schemas/metrics.ts';
import { checkPeriod, invalid } from './get-metric-data.ts';
import { DIMENSION, metricValues } from './metric-series.ts';
import type { World } from './world.ts';

const Input = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  StartTime: z.number(),
  EndTime: z.number(),
  Period: z.number(),
  Statistics: z.array(z.enum(['Average', 'Maximum', 'Minimum', 'Sum', 'SampleCount'])).min(1),
});
const MAX_POINTS = 1440;

type Statistic = MetricSeries['statistic'];
export interface Datapoint extends Partial<Record<Statistic, number>> {
  /** Epoch seconds. */
  readonly Timestamp: number;
  readonly Unit: string;
}

/** GetMetricStatistics, the older call that some tools still use: one metric, up to 1,440 datapoints. */
export function getMetricStatistics(
  world: World,
  scope: { accountId: string; region: string },
  raw: unknown,
): { Label: string; Datapoints: Datapoint[] } {
  const result = Input.safeParse(raw);
  if (!result.success) throw invalid(`The parameter ${result.error.issues[0]?.path.join('.')} is invalid.`);
  const input = result.data;
  checkPeriod(input.Period, input.StartTime, world.now() / 1000);
  if ((input.EndTime - input.StartTime) / input.Period > MAX_POINTS) {
    throw invalid(`You have requested more than ${MAX_POINTS} datapoints. Use a larger Period or a shorter range.`);
  }
  const points = new Map<number, Datapoint>();
  for (const statistic of input.Statistics) {
    metricValues(world, scope, {
      namespace: input.Namespace,
      metric: input.MetricName,
      dimensions: input.Dimensions.map((d) => ({ name: d.Name, value: d.Value })),
      statistic,
      periodSeconds: input.Period,
      startEpoch: Math.floor(input.StartTime / 60) * 60,
      endEpoch: input.EndTime,
    }).forEach((value, i) => {
      const Timestamp = Math.floor(input.StartTime / 60) * 60 + i * input.Period;
      if (value !== null)
        points.set(Timestamp, {
          ...points.get(Timestamp),
          Timestamp,
          Unit: unitOf(input.MetricName),
          [statistic]: value,
        });
    });
  }
  return { Label: input.MetricName, Datapoints: [...points.values()] };
}

/** ListMetrics, enough to learn which assets publish something. */
export function listMetrics(
  world: World,
  scope: { accountId: string; region: string },
  raw: unknown,
): { Metrics: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] }[] } {
  const { Namespace = 'AWS/EC2', MetricName = 'CPUUtilization' } = raw as { Namespace?: string; MetricName?: string };
  const name = DIMENSION[Namespace] ?? 'InstanceId';
  const pattern = Namespace === 'AWS/EBS' ? /^vol-/ : Namespace === 'AWS/EC2' ? /^i-/ : /^(app|net)\//;
  const Metrics = [...world.assets]
    .filter(([id, asset]) => pattern.test(id) && asset.accountId === scope.accountId && asset.region === scope.region)
    .map(([id]) => ({ Namespace, MetricName, Dimensions: [{ Name: name, Value: id }] }));
  return { Metrics };
}

function unitOf(metric: string): string {
  if (metric === 'CPUUtilization') return 'Percent';
  return metric.includes('Bytes') || metric.startsWith('Network') ? 'Bytes' : 'Count';
}
