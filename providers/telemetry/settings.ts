import { z } from 'zod';
import { Duration } from '../../schemas/config-values.ts';

/** What every telemetry vendor is told, whichever it is: fields of the section `telemetry`. */
export const TelemetrySettings = z.object({
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
});
export type TelemetrySettings = z.infer<typeof TelemetrySettings>;
