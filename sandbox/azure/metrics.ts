import type { MetricSeries } from '../../schemas/metrics.ts';
import type { CloudWorld } from '../clouds/world.ts';
import { ArmRefusal } from './arm-error.ts';
import { keyFor } from './spell.ts';

/** Metrics of each type, in Azure's words, with their units and the name they are shown under. */
const DEFINITIONS: Readonly<Record<string, Readonly<Record<string, readonly [unit: string, shown: string]>>>> = {
  'microsoft.compute/virtualmachines': {
    'Percentage CPU': ['Percent', 'Percentage CPU'],
    'Network In Total': ['Bytes', 'Network In Total'],
    'Network Out Total': ['Bytes', 'Network Out Total'],
    'Available Memory Percentage': ['Percent', 'Available Memory Percentage (Preview)'],
  },
  'microsoft.compute/disks': {
    'Composite Disk Read Operations/sec': ['CountPerSecond', 'Disk Read Operations/sec(Preview)'],
    'Composite Disk Write Operations/sec': ['CountPerSecond', 'Disk Write Operations/sec(Preview)'],
  },
  'microsoft.network/loadbalancers': {
    ByteCount: ['Bytes', 'Byte Count'],
    PacketCount: ['Count', 'Packet Count'],
    SYNCount: ['Count', 'SYN Count'],
  },
  'microsoft.sql/managedinstances': { avg_cpu_percent: ['Percent', 'Average CPU percentage'] },
};
const GRAINS: Readonly<Record<string, number>> = {
  PT1M: 60,
  PT5M: 300,
  PT15M: 900,
  PT30M: 1800,
  PT1H: 3600,
  PT6H: 21_600,
  PT12H: 43_200,
  P1D: 86_400,
};
const STATISTICS: Readonly<Record<string, MetricSeries['statistic']>> = {
  average: 'Average',
  maximum: 'Maximum',
  minimum: 'Minimum',
  total: 'Sum',
  count: 'SampleCount',
};
const MAX_RESOURCES = 50;
const bad = (message: string) => new ArmRefusal(400, 'BadRequest', message);

export interface MetricFaults {
  /** Key of a resource → the error code its metrics carry. */
  readonly codes: Map<string, string>;
}

/** metrics:getBatch: one series per metric and resource; a period without data has a time and no value. */
export function answerBatch(
  world: CloudWorld,
  ask: {
    readonly subscription: string;
    readonly region: string;
    readonly query: URLSearchParams;
    readonly ids: readonly string[];
  },
  faults: MetricFaults,
): Record<string, unknown> {
  const { query, ids } = ask;
  const namespace = query.get('metricnamespace') ?? '';
  const definitions = DEFINITIONS[namespace.toLowerCase()];
  const seconds = GRAINS[query.get('interval') ?? ''];
  if (definitions === undefined) throw bad(`The namespace ${namespace} is not known.`);
  if (seconds === undefined) throw bad('The time grain is not supported.');
  if (ids.length === 0 || ids.length > MAX_RESOURCES)
    throw bad(`Between 1 and ${MAX_RESOURCES} resources are allowed.`);
  const names = (query.get('metricnames') ?? '').split(',');
  const unknown = names.find((name) => definitions[name] === undefined);
  if (unknown !== undefined)
    throw bad(`Failed to find metric configuration for provider: ${namespace}, metric: ${unknown}.`);
  const span = { start: Date.parse(query.get('starttime') ?? ''), end: Date.parse(query.get('endtime') ?? '') };
  const aggregations = (query.get('aggregation') ?? 'average').split(',');
  return {
    values: ids.map((id) => ({
      starttime: query.get('starttime'),
      endtime: query.get('endtime'),
      interval: query.get('interval'),
      namespace,
      resourceregion: ask.region,
      // As Azure does, in another case than it was asked for.
      resourceid: id.replace('/resourcegroups/', '/resourceGroups/'),
      value: names.map((name) => {
        const [unit, shown] = definitions[name] as readonly [string, string];
        const code = faults.codes.get(id.toLowerCase());
        return {
          id: `${id}/providers/Microsoft.Insights/metrics/${name}`,
          type: 'Microsoft.Insights/metrics',
          name: { value: name, localizedValue: shown },
          unit,
          errorCode: code ?? 'Success',
          timeseries:
            code === undefined ? timeseries(world, { id, name, seconds, span, aggregations, region: ask.region }) : [],
        };
      }),
    })),
  };
}

function timeseries(
  world: CloudWorld,
  ask: {
    readonly id: string;
    readonly name: string;
    readonly seconds: number;
    readonly span: { start: number; end: number };
    readonly aggregations: readonly string[];
    readonly region: string;
  },
): unknown[] {
  const [, , subscription = '', , , , namespace = '', type = '', name = ''] = ask.id.split('/');
  const resource = world.find(keyFor(subscription, `${namespace}/${type}`, name));
  const asset = world.assets.find((a) => a.assetKey === resource?.key);
  if (resource === null || asset === undefined || resource.region !== ask.region) return [];
  const columns = ask.aggregations.map((aggregation) => {
    const statistic = STATISTICS[aggregation];
    if (statistic === undefined) throw bad(`The aggregation ${aggregation} is not known.`);
    const values = world.estate.metric(asset, {
      metric: ask.name,
      statistic,
      startEpoch: ask.span.start / 1000,
      endEpoch: ask.span.end / 1000,
      periodSeconds: ask.seconds,
      nowEpoch: Math.floor(world.now() / 1000),
    });
    return { aggregation, values };
  });
  const length = columns[0]?.values.length ?? 0;
  // A metric the machine does not publish has no series at all.
  if (columns.every(({ values }) => values.every((v) => v === null))) return [];
  const data = Array.from({ length }, (_, i) => {
    const at = ask.span.start + i * ask.seconds * 1000;
    const off = resource.stoppedAt !== null && at >= resource.stoppedAt;
    const point: Record<string, unknown> = { timeStamp: new Date(at).toISOString() };
    for (const { aggregation, values } of columns) if (!off && values[i] !== null) point[aggregation] = values[i];
    return point;
  });
  return [{ metadatavalues: [], data }];
}
