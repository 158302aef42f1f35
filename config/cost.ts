import { z } from 'zod';
import { Duration } from './values.ts';

/** Where costs come from. */
export const Cost = z
  .object({
    vendor: z.enum(['aws-cost-explorer', 'focus']),
    currency: z.string().default('USD'),
    /** Services with resource-level data enabled in Cost Explorer settings. */
    resourceLevelServices: z.array(z.string()).default([
      'Amazon Elastic Compute Cloud - Compute',
      'EC2 - Other',
      'Amazon Elastic Load Balancing',
      // Public IPv4 addresses are billed here since 2024.
      'Amazon Virtual Private Cloud',
    ]),
    cacheFor: Duration.default(86_400_000),
    /** How long an answer is kept whose last day has not been billed yet. Every asking costs money. */
    unbilledCacheFor: Duration.default(21_600_000),
    /** Imported FOCUS files: one file, or a folder as a data export leaves it. */
    focus: z
      .object({
        path: z.string().min(1),
        /** A bill that ends earlier than this before today says nothing about today. */
        staleAfter: Duration.default(604_800_000),
      })
      .optional(),
  })
  .refine((cost) => cost.vendor !== 'focus' || cost.focus !== undefined, {
    path: ['focus'],
    message: 'must name the file or folder to read (focus: { path: … }) when vendor is focus',
  });
