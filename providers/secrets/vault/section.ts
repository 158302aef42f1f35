import { z } from 'zod';
import { Duration, LocalSecretRef, Url } from '../../../schemas/config-values.ts';

/** HashiCorp Vault: the section `secrets.vault`. */
export const Vault = z.strictObject({
  address: Url.refine(isPrivateOnTheWay, 'must be https:// (http:// only to this machine itself)'),
  roleId: LocalSecretRef,
  secretId: LocalSecretRef,
  /** Where the AppRole method is mounted. */
  appRoleMount: z.string().min(1).default('approle'),
  namespace: z.string().min(1).optional(),
  /** PEM file with the certificate authority of a private installation. */
  caFile: z.string().min(1).optional(),
  timeout: Duration.default(10_000),
});
export type Vault = z.infer<typeof Vault>;

function isPrivateOnTheWay(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
