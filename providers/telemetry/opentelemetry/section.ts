import { z } from 'zod';
import { SecretRef, Url } from '../../../schemas/config-values.ts';

export const OpenTelemetry = z.strictObject({
  /** OTLP over HTTP, with the path, e.g. https://collector.example:4318/v1/logs. */
  logsUrl: Url,
  metricsUrl: Url,
  /** Header name to the place of its value, e.g. { authorization: env:OTLP_AUTHORIZATION }. */
  headers: z.record(z.string(), SecretRef).default({}),
  compression: z.enum(['gzip', 'none']).default('gzip'),
});
export type OpenTelemetry = z.infer<typeof OpenTelemetry>;
