import { z } from 'zod';
import { Duration } from '../../schemas/config-values.ts';

/** What every cost source is told, whichever it is: fields of the section `cost`. */
export const CostSettings = z.object({
  currency: z.string().default('USD'),
  /** Services with resource-level data enabled in Cost Explorer settings. */
  resourceLevelServices: z.array(z.string()).default([
    'Amazon Elastic Compute Cloud - Compute',
    'EC2 - Other',
    'Amazon Elastic Load Balancing',
    // Public IPv4 addresses are billed here since 2024.
    'Amazon Virtual Private Cloud',
    'Amazon Relational Database Service',
  ]),
  cacheFor: Duration.default(86_400_000),
  /** How long an answer is kept whose last day has not been billed yet. Every asking costs money. */
  unbilledCacheFor: Duration.default(21_600_000),
});
export type CostSettings = z.infer<typeof CostSettings>;
