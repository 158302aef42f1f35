import type { v1, v2 } from '@datadog/datadog-api-client';
import { sha256 } from '../../../schemas/digest.ts';
import type { TelemetryPoint, TelemetryRecord } from '../../../ports/telemetry.ts';

export interface WireOptions {
  readonly service: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Datadog takes times up to 18 hours back. A log that claims to be older is dropped after its 202, so an older one goes without
 * its reserved time: Datadog files it under the hour of arrival, `late:true` marks it, and `idlewise.at` keeps the truth.
 */
const OLDEST_MS = 17 * 3_600_000;
/** Clocks differ; what claims to come from further ahead is treated like what is too old. */
const AHEAD_MS = 300_000;

const MAX_TITLE = 200;
const MAX_TEXT = 4000;
const MAX_TAG = 200;

const STATUS = { info: 'info', success: 'ok', warn: 'warn', error: 'error' } as const;
const ALERT = { info: 'info', success: 'success', warn: 'warning', error: 'error' } as const;
const GAUGE = 3;

export function toLog(record: TelemetryRecord, options: WireOptions, now: Date): v2.HTTPLogItem {
  const late = isLate(record.at, now);
  return {
    ddsource: 'idlewise',
    service: options.service,
    ddtags: tagsOf({ ...options.tags, ...(late && { late: 'true' }) }).join(','),
    message: record.message,
    additionalProperties: {
      status: STATUS[record.severity],
      ...(!late && { timestamp: record.at }),
      'evt.name': record.name,
      ...record.attributes,
    },
  };
}

/** The aggregation key is the record's own: an event sent twice is shown as one. */
export function toEvent(record: TelemetryRecord, options: WireOptions, now: Date): v1.EventCreateRequest {
  const late = isLate(record.at, now);
  const id = sha256(record.id).slice(0, 40);
  const facts = Object.entries(record.attributes).map(([name, value]) => `${name}: ${String(value)}`);
  return {
    title: record.message.slice(0, MAX_TITLE),
    text: [`Happened at ${record.at}.`, ...facts].join('\n').slice(0, MAX_TEXT),
    alertType: ALERT[record.severity],
    priority: 'normal',
    aggregationKey: `idlewise:${id}`,
    tags: tagsOf({
      ...options.tags,
      service: options.service,
      event_name: record.name,
      event_digest: id,
      ...(late && { late: 'true' }),
    }),
    ...(!late && { dateHappened: Math.floor(Date.parse(record.at) / 1000) }),
  };
}

/**
 * Totals go as gauges. Datadog's counts are increments that it refuses when they are an hour old, so that an outage would lose
 * them; a total is whole again with the next point (`monotonic_diff()` turns it into a rate).
 */
export function toSeries(point: TelemetryPoint, options: WireOptions): v2.MetricSeries {
  return {
    metric: point.name,
    type: GAUGE,
    points: [{ timestamp: Math.floor(Date.parse(point.at) / 1000), value: Number(point.value) }],
    tags: tagsOf({ ...options.tags, service: options.service, ...point.tags }),
  };
}

function isLate(at: string, now: Date): boolean {
  const age = now.getTime() - Date.parse(at);
  return age > OLDEST_MS || age < -AHEAD_MS;
}

/** A comma would end a tag early. */
function tagsOf(tags: Readonly<Record<string, string>>): string[] {
  return Object.entries(tags).map(([name, value]) => `${name}:${value.replaceAll(',', '_')}`.slice(0, MAX_TAG));
}
