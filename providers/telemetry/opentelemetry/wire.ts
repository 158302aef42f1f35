import { ValueType } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { TelemetryPoint, TelemetryRecord } from '../../../ports/telemetry.ts';

type Resource = ReadableLogRecord['resource'];
type HrTime = ReadableLogRecord['hrTime'];

const SCOPE = { name: 'idlewise' };
/** Severity numbers of the OpenTelemetry log data model. */
const SEVERITY = { info: 9, success: 9, warn: 13, error: 17 } as const;
const SEVERITY_TEXT = { info: 'INFO', success: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

/** Who sends: nothing else of this machine is told. */
export function resourceOf(of: { service: string; tags: Readonly<Record<string, string>> }): Resource {
  const attributes = { 'service.name': of.service, ...of.tags };
  const resource: Resource = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
}

export function toLogRecord(record: TelemetryRecord, resource: Resource, now: Date): ReadableLogRecord {
  return {
    hrTime: hrTime(record.at),
    hrTimeObserved: hrTime(now.toISOString()),
    severityNumber: SEVERITY[record.severity],
    severityText: SEVERITY_TEXT[record.severity],
    body: record.message,
    eventName: record.name,
    attributes: Object.fromEntries(
      Object.entries(record.attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
    ),
    droppedAttributesCount: 0,
    resource,
    instrumentationScope: SCOPE,
  };
}

/** Totals are cumulative sums, levels gauges; points of one name are one metric. */
export function toMetrics(points: readonly TelemetryPoint[], resource: Resource): ResourceMetrics {
  const byName = Map.groupBy(points, (point) => point.name);
  return { resource, scopeMetrics: [{ scope: SCOPE, metrics: [...byName.values()].flatMap(toMetric) }] };
}

function toMetric(points: readonly TelemetryPoint[]): MetricData[] {
  const [first] = points;
  if (!first) return [];
  const { name, description, unit, kind } = first;
  const common = {
    descriptor: { name, description, unit, valueType: unit === '1' ? ValueType.INT : ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: points.map((point) => ({
      startTime: hrTime(kind === 'total' ? point.since : point.at),
      endTime: hrTime(point.at),
      attributes: { ...point.tags },
      value: Number(point.value),
    })),
  };
  if (kind === 'level') return [{ ...common, dataPointType: DataPointType.GAUGE }];
  // An amount may also go down: a bill can contradict.
  return [{ ...common, dataPointType: DataPointType.SUM, isMonotonic: unit === '1' }];
}

function hrTime(iso: string): HrTime {
  const ms = Date.parse(iso);
  return [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
}
