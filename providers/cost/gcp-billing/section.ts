import { z } from 'zod';
import { accountProblem } from '../../../domain/cloud-ids/index.ts';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';

/** The detailed usage export of a billing account in BigQuery: the section `cost.gcp`. */
export const GcpBilling = z.strictObject({
  apiUrl: Url.default('https://bigquery.googleapis.com'),
  /** Key file of a service account with BigQuery Job User and Data Viewer; null: `gcp.readCredentials`. */
  credentials: SecretRef.nullable().default(null),
  /** Where tokens come from; null: `gcp.tokenUrl`, or the address in the key. */
  tokenUrl: Url.nullable().default(null),
  /** Project in which the queries run and are paid. */
  projectId: z
    .string()
    .refine((id) => accountProblem('gcp', id) === null, { error: 'must be a Google Cloud project id' }),
  /** The detailed (resource-level) export itself; a view has no partitions to choose from. */
  table: z
    .string()
    .regex(
      /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]\.\w{1,1024}\.\w{1,1024}$/,
      'must be <project>.<dataset>.gcp_billing_export_resource_v1_<billing account>',
    ),
  /** Location of the dataset, e.g. EU; null lets BigQuery find it. */
  location: z.string().min(2).nullable().default(null),
  /** A query that would scan more is refused by BigQuery and costs nothing. */
  maxBytesBilled: z.number().int().min(10_485_760).default(53_687_091_200),
  /** Projects read by one query, once their first 90 days are known: a scan costs the same for one as for all. */
  projectsPerQuery: z.number().int().min(1).max(200).default(10),
  /** Days before the run-rate's window that are read again, because corrections arrive late. */
  correctionDays: z.number().int().min(0).max(60).default(5),
  /** A bill that ends earlier than this before today says nothing about today. */
  staleAfter: Duration.default(345_600_000),
  /** Longest one query may take, its pages included. */
  timeout: Duration.default(120_000),
  /** Attempts after a failed one, with growing pauses, inside one query. */
  retries: z.number().int().min(0).max(5).default(2),
});
export type GcpBilling = z.infer<typeof GcpBilling>;
