import { z } from 'zod';
import { AzureCost } from '../providers/cost/azure-cost-management/section.ts';
import { CostCloudHealth } from '../providers/cost/cloudhealth/section.ts';
import { GcpBilling } from '../providers/cost/gcp-billing/section.ts';
import { CostVantage } from '../providers/cost/vantage/section.ts';
import { Duration } from '../schemas/config-values.ts';

/** Names of providers/cost/vendors.ts. */
export const CostVendor = z.enum(['aws-cost-explorer', 'azure', 'gcp', 'vantage', 'cloudhealth', 'focus']);
export type CostVendor = z.infer<typeof CostVendor>;

/** Where costs come from. */
export const Cost = z
  .object({
    /** One source, or several in the order in which they are believed. Each is asked about the accounts it covers. */
    vendor: z.union([CostVendor.transform((v) => [v]), z.array(CostVendor).min(1)]),
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
    /** Imported FOCUS files: one file, or a folder as a data export leaves it. */
    focus: z
      .object({
        path: z.string().min(1),
        /** A bill that ends earlier than this before today says nothing about today. */
        staleAfter: Duration.default(604_800_000),
      })
      .optional(),
    azure: AzureCost,
    gcp: GcpBilling.optional(),
    vantage: CostVantage.optional(),
    cloudhealth: CostCloudHealth.optional(),
  })
  .refine((cost) => !cost.vendor.includes('focus') || cost.focus !== undefined, {
    path: ['focus'],
    message: 'must name the file or folder to read (focus: { path: … }) when vendor is focus',
  })
  .superRefine((cost, ctx) => {
    for (const vendor of ['gcp', 'vantage', 'cloudhealth'] as const)
      if (cost.vendor.includes(vendor) && cost[vendor] === undefined)
        ctx.addIssue({ code: 'custom', path: [vendor], message: `must be given when cost.vendor names ${vendor}` });
  });
