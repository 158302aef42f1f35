import type { MetricSeries } from '../../schemas/metrics.ts';
import type { World } from './world.ts';

export interface MetricAsk {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly startEpoch: number;
  readonly endEpoch: number;
}

/** Which dimension names the asset, by namespace. */
export const DIMENSION: Readonly<Record<string, string>> = {
  'AWS/EC2': 'InstanceId',
  CWAgent: 'InstanceId',
  'AWS/EBS': 'VolumeId',
  'AWS/ApplicationELB': 'LoadBalancer',
  'AWS/NetworkELB': 'LoadBalancer',
  'AWS/RDS': 'DBInstanceIdentifier',
};
const STATISTICS = new Set(['Average', 'Maximum', 'Minimum', 'Sum', 'SampleCount']);
const NONE: readonly null[] = [];

/**
 * Values of one metric, one per period, null where there is no datapoint. Empty for anything the estate does not know,
 * as CloudWatch answers. Only one account's and region's assets are visible.
 */
export function metricValues(
  world: World,
  scope: { accountId: string; region: string },
  ask: MetricAsk,
): readonly (number | null)[] {
  const dimension = ask.dimensions.find((d) => d.name === DIMENSION[ask.namespace]);
  const asset = dimension && world.assets.get(dimension.value);
  if (!asset || asset.accountId !== scope.accountId || asset.region !== scope.region) return NONE;
  if (!STATISTICS.has(ask.statistic)) return NONE;
  const values = world.estate.metric(asset, {
    metric: ask.metric,
    statistic: ask.statistic as MetricSeries['statistic'],
    startEpoch: ask.startEpoch,
    endEpoch: ask.endEpoch,
    periodSeconds: ask.periodSeconds,
    nowEpoch: Math.floor(world.now() / 1000),
  });
  for (const span of world.silent.get(asset.name) ?? []) {
    // A period counts as silent when the machine was off for all of it.
    const first = Math.max(0, Math.ceil((span.from / 1000 - ask.startEpoch) / ask.periodSeconds));
    const last = Math.min(values.length, Math.floor((span.to / 1000 - ask.startEpoch) / ask.periodSeconds));
    if (first < last) values.fill(null, first, last);
  }
  return values;
}
