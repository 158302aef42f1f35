import { logger, v1, v2 } from '@datadog/datadog-api-client';
import type { TelemetrySettings } from '../settings.ts';
import type { Datadog } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { ALL_TAKEN, type TelemetrySink } from '../../../ports/telemetry.ts';
import { safeBase } from '../../http/address.ts';
import { createCaller } from './call.ts';
import { toEvent, toLog, toSeries, type WireOptions } from './wire.ts';

export interface DatadogOptions {
  readonly config: Pick<TelemetrySettings, 'service' | 'tags' | 'batch' | 'timeout'> & {
    readonly datadog: Datadog;
  };
  readonly secrets: SecretsPort;
  /** @default () => new Date() */
  readonly clock?: () => Date;
}

/** Logs by the v2 intake, metrics by v2 series (both gzip), events by v1, through Datadog's own client. */
export function createDatadog({ config, secrets, clock = () => new Date() }: DatadogOptions): TelemetrySink {
  // It would print failed requests to the console; they are reported through our own errors.
  logger.setLevel('silent');
  const { datadog, batch, timeout } = config;
  const logsUrl = base(datadog.logsUrl ?? `https://http-intake.logs.${datadog.site}`, 'logsUrl');
  const apiUrl = base(datadog.apiUrl ?? `https://api.${datadog.site}`, 'apiUrl');
  const call = createCaller({ secrets, apiKey: datadog.apiKey, timeoutMs: timeout, clock: () => clock().getTime() });
  const wire: WireOptions = { service: config.service, tags: config.tags };

  return {
    vendor: 'datadog',
    limits: { logs: batch, events: { items: 1, bytes: batch.bytes } },

    async logs(records) {
      const body = records.map((record) => toLog(record, wire, clock()));
      await call({ url: logsUrl, operation: 'logs', accepts: 202 }, (configuration) =>
        new v2.LogsApi(configuration).submitLog({ body, contentEncoding: 'gzip' }),
      );
      return ALL_TAKEN;
    },

    events: datadog.events
      ? async (record) => {
          const body = toEvent(record, wire, clock());
          await call({ url: apiUrl, operation: 'events', accepts: 202 }, (configuration) =>
            new v1.EventsApi(configuration).createEvent({ body }),
          );
          return ALL_TAKEN;
        }
      : null,

    async metrics(points) {
      const body = { series: points.map((point) => toSeries(point, wire)) };
      await call({ url: apiUrl, operation: 'series', accepts: 202 }, (configuration) =>
        new v2.MetricsApi(configuration).submitMetrics({ body, contentEncoding: 'gzip' }),
      );
      return ALL_TAKEN;
    },

    async check() {
      await call({ url: apiUrl, operation: 'validate', accepts: 200 }, (configuration) =>
        new v1.AuthenticationApi(configuration).validate(),
      );
      return `Datadog at ${apiUrl} takes the API key`;
    },
  };
}

function base(url: string, field: string): string {
  return safeBase(url, { provider: 'datadog', field: `telemetry.datadog.${field}` });
}
