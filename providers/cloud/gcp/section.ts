import { z } from 'zod';
import { accountProblem } from '../../../domain/cloud-ids/index.ts';
import { accountFields } from '../shared/account-fields.ts';
import { SecretRef, Url } from '../../../schemas/config-values.ts';

const Project = z.strictObject({
  projectId: z.string().refine((id) => accountProblem('gcp', id) === null, {
    error: 'must be a Google Cloud project id',
  }),
  ...accountFields,
  /**
   * Service accounts the executor may impersonate for one change, with a custom role of their own each. The executor's own key
   * needs nothing but the right to make tokens for them; what it reads it reads as the reversible one.
   */
  executorServiceAccounts: z.strictObject({ reversible: z.email(), destructive: z.email() }),
});

export const Gcp = z.strictObject({
  /** Service account keys (JSON) by reference. */
  readCredentials: SecretRef,
  executorCredentials: SecretRef,
  computeUrl: Url.default('https://compute.googleapis.com'),
  sqlUrl: Url.default('https://sqladmin.googleapis.com'),
  monitoringUrl: Url.default('https://monitoring.googleapis.com'),
  /** Audit logs, for who created an asset. */
  loggingUrl: Url.default('https://logging.googleapis.com'),
  iamCredentialsUrl: Url.default('https://iamcredentials.googleapis.com'),
  /** Where tokens come from; null: the address in the key. */
  tokenUrl: Url.nullable().default(null),
  projects: z.array(Project).min(1),
});
export type Gcp = z.infer<typeof Gcp>;

/** What Google Cloud has at the top level of the configuration. */
export const GcpSections = z.strictObject({ gcp: Gcp.optional() });
