import type { MetricSeries } from '../../schemas/metrics.ts';
import type { CloudWorld } from '../clouds/world.ts';
import type { SeededAsset } from '../estate/types.ts';
import { GoogleRefusal } from './google-error.ts';
import { idOf, zoneIn } from './spell.ts';

const KIND: Readonly<Record<string, 'instance' | 'volume' | 'database'>> = {
  'agent.googleapis.com/memory/percent_used': 'instance',
  'compute.googleapis.com/instance/cpu/utilization': 'instance',
  'compute.googleapis.com/instance/network/received_bytes_count': 'instance',
  'compute.googleapis.com/instance/network/sent_bytes_count': 'instance',
  'compute.googleapis.com/instance/disk/read_ops_count': 'volume',
  'compute.googleapis.com/instance/disk/write_ops_count': 'volume',
  'cloudsql.googleapis.com/database/cpu/utilization': 'database',
  'cloudsql.googleapis.com/database/network/connections': 'database',
};
const STATISTICS: Readonly<Record<string, MetricSeries['statistic']>> = {
  ALIGN_MEAN: 'Average',
  ALIGN_MAX: 'Maximum',
  ALIGN_MIN: 'Minimum',
  ALIGN_SUM: 'Sum',
  ALIGN_COUNT: 'SampleCount',
};
const bad = (message: string) => new GoogleRefusal(400, 'badRequest', message);

export interface MetricFaults {
  /** What every answer carries as an error of its execution; null: none. */
  executionError: string | null;
  /** Points of a page; less than Google's to see pages. */
  pagePoints: number;
}

interface Series {
  readonly labels: Record<string, unknown>;
  readonly points: unknown[];
}

/** timeSeries.list with an aligner and a reducer by asset: newest point first, no point for a period without data. */
export function answerTimeSeries(
  world: CloudWorld,
  ask: { readonly project: string; readonly query: URLSearchParams },
  faults: MetricFaults,
): Record<string, unknown> {
  const { query } = ask;
  const filter = query.get('filter') ?? '';
  const metric = /metric\.type = "([^"]+)"/.exec(filter)?.[1] ?? '';
  const kind = KIND[metric];
  if (kind === undefined)
    throw new GoogleRefusal(404, 'notFound', `Cannot find metric(s) that match type = "${metric}".`);
  const statistic = STATISTICS[query.get('aggregation.perSeriesAligner') ?? ''];
  const seconds = Number(/^(\d+)s$/.exec(query.get('aggregation.alignmentPeriod') ?? '')?.[1] ?? 0);
  if (statistic === undefined || seconds < 60) throw bad('The aggregation is not valid.');
  if (!query.get('aggregation.crossSeriesReducer')?.startsWith('REDUCE_')) throw bad('A reducer is needed.');
  if (/memory\/percent_used/.test(metric) && !filter.includes('metric.labels.state = "used"'))
    throw bad('Several series of one machine would be mixed.');
  const names = new Set(
    [...(/(?:name|database_id) = (.*?)(?: AND |$)/.exec(filter)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map((m) => m[1]),
  );
  const span = {
    start: Date.parse(query.get('interval.startTime') ?? ''),
    end: Date.parse(query.get('interval.endTime') ?? ''),
  };
  const assets = world.assets.filter(
    (a) => a.accountId === ask.project && kindMatches(a, kind) && names.has(nameIn(a, kind)),
  );
  const all = assets.flatMap((asset) => seriesOf(world, asset, { metric, statistic, seconds, span, kind }));
  return page(all, metric, { query, faults });
}

function kindMatches(asset: SeededAsset, kind: 'instance' | 'volume' | 'database'): boolean {
  return asset[kind] !== undefined;
}

function nameIn(asset: SeededAsset, kind: string): string {
  return kind === 'database' ? `${asset.accountId}:${asset.name}` : asset.name;
}

function labelsOf(asset: SeededAsset, kind: string): Record<string, unknown> {
  const zone = zoneIn(asset.region);
  if (kind === 'database')
    return {
      metric: { labels: {} },
      resource: { type: 'cloudsql_database', labels: { database_id: nameIn(asset, kind) } },
    };
  const resource = { type: 'gce_instance', labels: { zone, project_id: asset.accountId } };
  if (kind === 'volume') return { metric: { labels: { device_name: asset.name } }, resource };
  return {
    metric: { labels: {} },
    resource,
    metadata: { systemLabels: { name: asset.name, id: idOf(asset.assetKey) } },
  };
}

function seriesOf(
  world: CloudWorld,
  asset: SeededAsset,
  ask: {
    readonly metric: string;
    readonly statistic: MetricSeries['statistic'];
    readonly seconds: number;
    readonly span: { start: number; end: number };
    readonly kind: string;
  },
): Series[] {
  const resource = world.find(asset.assetKey);
  if (resource === null) return [];
  const values = world.estate.metric(asset, {
    metric: ask.metric,
    statistic: ask.statistic,
    startEpoch: ask.span.start / 1000,
    endEpoch: ask.span.end / 1000,
    periodSeconds: ask.seconds,
    nowEpoch: Math.floor(world.now() / 1000),
  });
  const share = ask.metric.endsWith('/utilization') && ask.statistic !== 'SampleCount';
  const whole = /_count$|connections$/.test(ask.metric);
  const points = values.flatMap((value, i) => {
    const at = ask.span.start + i * ask.seconds * 1000;
    if (value === null || (resource.stoppedAt !== null && at >= resource.stoppedAt)) return [];
    const interval = {
      startTime: new Date(at).toISOString(),
      endTime: new Date(at + ask.seconds * 1000).toISOString(),
    };
    return {
      interval,
      value: whole ? { int64Value: String(Math.round(value)) } : { doubleValue: share ? value / 100 : value },
    };
  });
  return points.length === 0 ? [] : [{ labels: labelsOf(asset, ask.kind), points: points.reverse() }];
}

/** Pages are counted in points and may end within a series. */
function page(
  all: readonly Series[],
  metric: string,
  { query, faults }: { query: URLSearchParams; faults: MetricFaults },
): Record<string, unknown> {
  const from = Number(query.get('pageToken') ?? 0);
  const to = from + Math.min(Number(query.get('pageSize') ?? 100_000), faults.pagePoints);
  let at = 0;
  const timeSeries = all.flatMap(({ labels, points }) => {
    const [start, end] = [Math.max(0, from - at), to - at];
    at += points.length;
    const part = end <= 0 ? [] : points.slice(start, end);
    if (part.length === 0) return [];
    const metricLabels = (labels['metric'] as { labels: unknown }).labels;
    return { ...labels, metric: { type: metric, labels: metricLabels }, metricKind: 'GAUGE', points: part };
  });
  return {
    timeSeries,
    unit: metric.endsWith('/utilization') ? '10^2.%' : '1',
    ...(to < at ? { nextPageToken: String(to) } : {}),
    ...(faults.executionError === null ? {} : { executionErrors: [{ code: 14, message: faults.executionError }] }),
  };
}
