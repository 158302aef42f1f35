import { z } from 'zod';
import { LocalSecretRef, Url } from '../../../schemas/config-values.ts';

/** AWS Secrets Manager: the section `secrets.awsSecretsManager`. */
export const AwsSecretsManager = z
  .strictObject({
    region: z.string().min(1),
    /** Null: `aws.endpoint`. */
    endpoint: Url.nullable().default(null),
    accessKeyId: LocalSecretRef.optional(),
    secretAccessKey: LocalSecretRef.optional(),
  })
  .refine((keys) => (keys.accessKeyId === undefined) === (keys.secretAccessKey === undefined), {
    error: 'must have both accessKeyId and secretAccessKey, or neither',
  });
export type AwsSecretsManager = z.infer<typeof AwsSecretsManager>;
