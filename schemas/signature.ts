import { z } from 'zod';

/** Ed25519 over one statement (see ports/statements.ts), by the key with this fingerprint. */
export const Signature = z.object({
  /** SHA-256 of the public key (SPKI DER), lower-case hexadecimal. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  value: z.string().regex(/^[0-9a-f]{128}$/),
});
export type Signature = z.infer<typeof Signature>;
