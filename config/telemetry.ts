import { z } from 'zod';
import { Duration, SecretRef, Url } from '../schemas/config-values.ts';

const Datadog = z.object({
  /** Datadog's region: datadoghq.com, us3.datadoghq.com, us5.datadoghq.com, datadoghq.eu, ap1.datadoghq.com, … */
  site: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'must be a site such as datadoghq.eu')
    .default('datadoghq.com'),
  apiKey: SecretRef,
  /** Where logs are taken when it is elsewhere, e.g. behind a proxy; null: the intake of `site`. */
  logsUrl: Url.nullable().default(null),
  /** The same for events, metrics and the check of the key. */
  apiUrl: Url.nullable().default(null),
  /** Outcomes and changes of settings also go to the event stream. */
  events: z.boolean().default(true),
});

const OpenTelemetry = z.object({
  /** OTLP over HTTP, with the path, e.g. https://collector.example:4318/v1/logs. */
  logsUrl: Url,
  metricsUrl: Url,
  /** Header name to the place of its value, e.g. { authorization: env:OTLP_AUTHORIZATION }. */
  headers: z.record(z.string(), SecretRef).default({}),
  compression: z.enum(['gzip', 'none']).default('gzip'),
});

/** Where the audit trail and the outcomes are sent: the section `telemetry`. */
export const Telemetry = z
  .object({
    vendor: z.enum(['none', 'datadog', 'opentelemetry']).default('none'),
    /** Name of the service in the vendor's product. */
    service: z.string().min(1).default('idlewise'),
    /** Sent with everything, e.g. { env: prod }. */
    tags: z
      .record(z.string(), z.string())
      .refine((tags) => Object.keys(tags).every((name) => /^[a-z][a-z0-9_]*$/.test(name)), {
        error: 'must have names of lower-case letters, digits and _',
      })
      .default({}),
    everySeconds: z.number().int().min(10).max(3600).default(60),
    /** Most that one request carries. */
    batch: z
      .object({
        items: z.number().int().min(1).max(1000).default(1000),
        bytes: z.number().int().min(20_000).max(4_500_000).default(4_500_000),
      })
      .default({ items: 1000, bytes: 4_500_000 }),
    timeout: Duration.default(10_000),
    /** Events before this instant are counted in the totals but not sent. */
    since: z.iso.datetime().optional(),
    datadog: Datadog.optional(),
    opentelemetry: OpenTelemetry.optional(),
  })
  .refine((t) => t.vendor === 'none' || t[t.vendor] !== undefined, {
    error: 'must have the section of the chosen vendor (datadog: { apiKey: … } or opentelemetry: { logsUrl: …, … })',
  });
export type Telemetry = z.infer<typeof Telemetry>;
