import { z } from 'zod';
import { SecretRef, Url } from '../../../schemas/config-values.ts';

export const Webhook = z.strictObject({
  url: Url,
  /** Shared secret of the signature; the receiver signs its result with it as well. */
  signingSecret: SecretRef,
});
export type Webhook = z.infer<typeof Webhook>;
