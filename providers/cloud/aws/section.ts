import { z } from 'zod';
import { accountFields } from '../shared/account-fields.ts';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';

export const AwsAccount = z.strictObject({
  accountId: z.string().regex(/^\d{12}$/, 'must be a 12-digit AWS account id'),
  ...accountFields,
  readRoleArn: z.string().nullable().default(null),
  /** Separate roles so that a reversible change can never use destructive rights. */
  executorRoleArns: z.strictObject({ reversible: z.string(), destructive: z.string() }),
  externalId: SecretRef,
});

/** Keys by reference, or a role of Vault's AWS engine. */
export const AwsIdentity = z
  .strictObject({
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

export const Aws = z.strictObject({
  /** One endpoint for every AWS API, as AWS_ENDPOINT_URL would set it; null means AWS itself. */
  endpoint: Url.nullable().default(null),
  /** Null: the SDK's default chain of that process (instance role, environment). */
  readIdentity: AwsIdentity.nullable().default(null),
  executorIdentity: AwsIdentity.nullable().default(null),
});
export type AwsAccount = z.infer<typeof AwsAccount>;
export type AwsIdentity = z.infer<typeof AwsIdentity>;
export type Aws = z.infer<typeof Aws>;

/** What AWS has at the top level of the configuration. */
export const AwsSections = z.strictObject({
  /** AWS accounts. */
  accounts: z.array(AwsAccount).default([]),
  aws: Aws.prefault({}),
});
