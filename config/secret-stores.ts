import { z } from 'zod';
import { Duration, LocalSecretRef, Url } from '../schemas/config-values.ts';

/** Stores beside the environment and files. */
export const SecretStores = z.object({
  /** How long a value read from a store stays in memory. */
  cacheFor: Duration.default(300_000),
  vault: z
    .object({
      address: Url.refine(isPrivateOnTheWay, 'must be https:// (http:// only to this machine itself)'),
      roleId: LocalSecretRef,
      secretId: LocalSecretRef,
      /** Where the AppRole method is mounted. */
      appRoleMount: z.string().min(1).default('approle'),
      namespace: z.string().min(1).optional(),
      /** PEM file with the certificate authority of a private installation. */
      caFile: z.string().min(1).optional(),
      timeout: Duration.default(10_000),
    })
    .optional(),
  awsSecretsManager: z
    .object({
      region: z.string().min(1),
      /** Null: `aws.endpoint`. */
      endpoint: Url.nullable().default(null),
      accessKeyId: LocalSecretRef.optional(),
      secretAccessKey: LocalSecretRef.optional(),
    })
    .refine((keys) => (keys.accessKeyId === undefined) === (keys.secretAccessKey === undefined), {
      error: 'must have both accessKeyId and secretAccessKey, or neither',
    })
    .optional(),
});

function isPrivateOnTheWay(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
