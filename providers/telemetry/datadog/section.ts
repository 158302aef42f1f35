import { z } from 'zod';
import { SecretRef, Url } from '../../../schemas/config-values.ts';

export const Datadog = z.strictObject({
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
export type Datadog = z.infer<typeof Datadog>;
