import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';

const Crn = z
  .string()
  .startsWith('crn:', 'must be the id from the address of the report, crn:<tenant>:flexreports/<id>');

/** Costs from CloudHealth: the section `cost.cloudhealth`. */
export const CostCloudHealth = z.strictObject({
  apiUrl: Url.default('https://chapi.cloudhealthtech.com'),
  graphqlUrl: Url.default('https://apps.cloudhealthtech.com/graphql'),
  /** API key of a user who may see the reports. Making a new one ends the old one. */
  apiKey: SecretRef,
  /** Organisation for the REST API; the user's default when left out. */
  orgId: z.string().min(1).optional(),
  /** Partners: the customer whose data it is. */
  customer: z
    .strictObject({
      crn: z.string().startsWith('crn:', 'must be crn:<tenant>:msp_client/<id>'),
      clientApiId: z.string().min(1),
    })
    .optional(),
  /** One FlexReport per cloud, with a row per day, account, resource, service, region, kind of charge and commitment. */
  reports: z
    .array(z.strictObject({ cloud: z.enum(['aws', 'azure', 'gcp']), id: Crn }))
    .min(1)
    .refine((reports) => new Set(reports.map((r) => r.cloud)).size === reports.length, 'must name each cloud once'),
  /** What the columns of the reports are called. Null: the report has none, and nothing is known of it. */
  columns: z
    .strictObject({
      day: z.string().default('Day'),
      account: z.string().default('AccountId'),
      resource: z.string().default('ResourceId'),
      service: z.string().nullable().default('Service'),
      region: z.string().nullable().default('Region'),
      chargeType: z.string().default('ChargeType'),
      commitment: z.string().nullable().default('CommitmentId'),
      commitmentEnd: z.string().nullable().default('CommitmentEnd'),
      effectiveCost: z.string().default('EffectiveCost'),
      billedCost: z.string().nullable().default('BilledCost'),
      currency: z.string().default('Currency'),
    })
    .prefault({}),
  /** Kinds of charge that come on top of what an asset costs to run. */
  ignoredCharges: z.array(z.string()).default(['Tax', 'Credit', 'Refund']),
  /** Kinds of charge that a commitment paid for. */
  commitmentCharges: z
    .strictObject({ reservation: z.array(z.string()), savingsPlan: z.array(z.string()) })
    .default({ reservation: ['DiscountedUsage'], savingsPlan: ['SavingsPlanCoveredUsage'] }),
  /** A finished report this young is read as it is instead of being run again. */
  freshFor: Duration.default(21_600_000),
  poll: Duration.default(10_000),
  /** A report that runs longer is left running, and read when it is asked for again. */
  runDeadline: Duration.default(600_000),
  /** Tokens live about 15 minutes. */
  tokenFor: Duration.default(600_000),
  /** Compares the report with the cost history of each account and tells what does not fit. Null: no comparison. */
  costHistory: z
    .strictObject({
      report: z.string().default('cost/history'),
      measure: z.string().default('cost'),
      /** The dimension that holds the accounts, by cloud. A cloud without one is not compared. */
      accountDimension: z.partialRecord(z.enum(['aws', 'azure', 'gcp']), z.string()).default({ aws: 'AWS-Account' }),
      /** Share by which the two may differ: they spread fees differently over days and accounts. */
      tolerance: z.number().min(0).max(1).default(0.05),
    })
    .nullable()
    .prefault({}),
  /** A bill that ends earlier than this before today says nothing about today. */
  staleAfter: Duration.default(604_800_000),
  limits: z
    .strictObject({
      graphqlPerMinute: z.number().int().positive().default(60),
      restPerMinute: z.number().int().positive().default(30),
      /** First wait after a 429, which does not say how long; doubled each time. */
      backoff: Duration.default(10_000),
      longestWait: Duration.default(120_000),
    })
    .prefault({}),
  timeout: Duration.default(30_000),
  /** For reading one file of a report to its end. */
  downloadTimeout: Duration.default(300_000),
});
export type CostCloudHealth = z.infer<typeof CostCloudHealth>;
