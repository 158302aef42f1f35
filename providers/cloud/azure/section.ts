import { z } from 'zod';
import { accountProblem } from '../../../domain/cloud-ids/index.ts';
import { accountFields } from '../shared/account-fields.ts';
import { SecretRef, Url } from '../../../schemas/config-values.ts';

/** An app registration with a client secret. */
const AzureIdentity = z.strictObject({
  /** The application id itself, or a secret reference to it. */
  clientId: z.string().min(1),
  clientSecret: SecretRef,
});

const Subscription = z.strictObject({
  subscriptionId: z.string().refine((id) => accountProblem('azure', id) === null, {
    error: 'must be an Azure subscription id (UUID in lower case)',
  }),
  ...accountFields,
  /** App registrations with a custom role of their own each: a reversible change can never use destructive rights. */
  executorIdentities: z.strictObject({ reversible: AzureIdentity, destructive: AzureIdentity }),
});

export const Azure = z.strictObject({
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
export type Azure = z.infer<typeof Azure>;

/** What Azure has at the top level of the configuration. */
export const AzureSections = z.strictObject({ azure: Azure.optional() });
