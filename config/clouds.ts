import { z } from 'zod';
import { accountProblem } from '../domain/cloud-ids/index.ts';
import { Duration, SecretRef, Url } from '../schemas/config-values.ts';

export const Phase = z.enum(['observe', 'approve', 'automate']);

/** What every account has, whatever its cloud calls it. */
const place = {
  name: z.string(),
  regions: z.array(z.string()).min(1),
  phase: Phase.default('observe'),
  /** Narrower than `phase`, by region: a roll-out goes region by region. */
  phaseByRegion: z.record(z.string(), Phase).default({}),
};

export const AwsAccount = z.object({
  accountId: z.string().regex(/^\d{12}$/, 'must be a 12-digit AWS account id'),
  ...place,
  readRoleArn: z.string().nullable().default(null),
  /** Separate roles so that a reversible change can never use destructive rights. */
  executorRoleArns: z.object({ reversible: z.string(), destructive: z.string() }),
  externalId: SecretRef,
});

/** Keys by reference, or a role of Vault's AWS engine. */
const AwsIdentity = z
  .object({
    accessKeyId: SecretRef.optional(),
    secretAccessKey: SecretRef.optional(),
    sessionToken: SecretRef.optional(),
    /** Credentials are leased from this role of Vault's AWS engine while they are needed, and the lease is ended then. */
    vaultAwsRole: z.string().min(1).optional(),
    /** Where that engine is mounted; `aws` when left out. */
    vaultAwsMount: z.string().min(1).optional(),
    /** Wait before new keys of an IAM user are used, which AWS takes some seconds to know; 10 s when left out. */
    vaultAwsSettle: Duration.optional(),
  })
  .refine((id) => (id.vaultAwsRole ? !id.accessKeyId && !id.secretAccessKey : id.accessKeyId && id.secretAccessKey), {
    error: 'must have accessKeyId and secretAccessKey, or vaultAwsRole and no keys',
  });

export const Aws = z.object({
  /** One endpoint for every AWS API, as AWS_ENDPOINT_URL would set it; null means AWS itself. */
  endpoint: Url.nullable().default(null),
  /** Null: the SDK's default chain of that process (instance role, environment). */
  readIdentity: AwsIdentity.nullable().default(null),
  executorIdentity: AwsIdentity.nullable().default(null),
});

/** An app registration with a client secret. */
const AzureIdentity = z.object({
  /** The application id itself, or a secret reference to it. */
  clientId: z.string().min(1),
  clientSecret: SecretRef,
});

const Subscription = z.object({
  subscriptionId: z.string().refine((id) => accountProblem('azure', id) === null, {
    error: 'must be an Azure subscription id (UUID in lower case)',
  }),
  ...place,
  /** App registrations with a custom role of their own each: a reversible change can never use destructive rights. */
  executorIdentities: z.object({ reversible: AzureIdentity, destructive: AzureIdentity }),
});

export const Azure = z.object({
  tenantId: z.string().min(1),
  authorityUrl: Url.default('https://login.microsoftonline.com'),
  /** Azure Resource Manager. */
  armUrl: Url.default('https://management.azure.com'),
  /** Azure Monitor's batch metrics host; `{region}` is replaced. */
  metricsUrl: z.string().default('https://{region}.metrics.monitor.azure.com'),
  /** What tokens are asked for; a national cloud has its own. */
  armScope: z.string().default('https://management.azure.com/.default'),
  metricsScope: z.string().default('https://management.azure.com/.default'),
  /** Reader and Monitoring Reader on the subscriptions. */
  readIdentity: AzureIdentity,
  subscriptions: z.array(Subscription).min(1),
});

const Project = z.object({
  projectId: z.string().refine((id) => accountProblem('gcp', id) === null, {
    error: 'must be a Google Cloud project id',
  }),
  ...place,
  /**
   * Service accounts the executor may impersonate for one change, with a custom role of their own each. The executor's own key
   * needs nothing but the right to make tokens for them; what it reads it reads as the reversible one.
   */
  executorServiceAccounts: z.object({ reversible: z.email(), destructive: z.email() }),
});

export const Gcp = z.object({
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
