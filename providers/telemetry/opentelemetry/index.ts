import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import type { TelemetrySettings } from '../settings.ts';
import type { OpenTelemetry } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { TelemetrySink } from '../../../ports/telemetry.ts';
import { createExport } from './export.ts';
import { resourceOf, toLogRecord, toMetrics } from './wire.ts';

export interface OpenTelemetryOptions {
  readonly config: Pick<TelemetrySettings, 'service' | 'tags' | 'batch' | 'timeout'> & {
    readonly opentelemetry: OpenTelemetry;
  };
  readonly secrets: SecretsPort;
  /** @default () => new Date() */
  readonly clock?: () => Date;
}

/**
 * OTLP over HTTP in JSON through OpenTelemetry's own exporters, called directly: the SDK's batch processors drop what they
 * cannot deliver and tell nobody, and its instruments cannot say "as of this minute". OTLP has no events apart from logs: a log
 * record with an event name is one.
 */
export function createOpenTelemetry({
  config,
  secrets,
  clock = () => new Date(),
}: OpenTelemetryOptions): TelemetrySink {
  const { logsUrl, metricsUrl, headers: references, compression } = config.opentelemetry;
  let headers: Record<string, string> = {};
  const common = {
    headers: async () => ({ ...headers }),
    compression: compression as NonNullable<ConstructorParameters<typeof OTLPLogExporter>[0]>['compression'] & string,
    timeoutMillis: config.timeout,
    concurrencyLimit: 4,
    userAgent: 'idlewise',
  };
  const logExporter = new OTLPLogExporter({ ...common, url: logsUrl });
  const metricExporter = new OTLPMetricExporter({ ...common, url: metricsUrl });
  const exportLogs = createExport(logExporter, { operation: 'logs', url: logsUrl });
  const exportMetrics = createExport(metricExporter, { operation: 'metrics', url: metricsUrl });
  const resource = resourceOf({ service: config.service, tags: config.tags });

  /** The exporter asks for its headers where nothing may fail, so they are made ready before. */
  const refreshHeaders = async () => {
    const pairs = Object.entries(references).map(async ([name, reference]) => [name, await secrets.resolve(reference)]);
    headers = Object.fromEntries(await Promise.all(pairs)) as Record<string, string>;
  };

  return {
    vendor: 'opentelemetry',
    limits: { logs: config.batch, events: { items: 1, bytes: config.batch.bytes } },
    async logs(records) {
      await refreshHeaders();
      return exportLogs(records.map((record) => toLogRecord(record, resource, clock())));
    },
    events: null,
    async metrics(points) {
      await refreshHeaders();
      return exportMetrics(toMetrics(points, resource));
    },
    async check() {
      await refreshHeaders();
      await exportLogs([]);
      return `the collector at ${logsUrl} takes logs`;
    },
  };
}
