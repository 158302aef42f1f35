import { z } from 'zod';
import { SecretRef } from '../schemas/config-values.ts';

const KeyPair = z.strictObject({
  /** Ed25519, PKCS #8 PEM. Only the process of that name may read it. */
  privateKey: SecretRef,
  /** SPKI PEM; more than one while a key is being replaced. */
  publicKeys: z.array(z.string().includes('PUBLIC KEY')).min(1),
});

/** The processes whose word others act on, each with a key of its own: the section `signing`. */
export const Signing = z.strictObject({
  /** Signs what it gathered about an asset. */
  read: KeyPair,
  /** Signs the risk and the plans it made. */
  assess: KeyPair,
  /** Signs, for itself, what it has begun and what came of it. */
  execute: KeyPair,
  /** Sign the decisions of the people they authenticated. */
  slack: KeyPair.optional(),
  teams: KeyPair.optional(),
});
export type Signing = z.infer<typeof Signing>;
export type SigningRole = keyof Signing;
