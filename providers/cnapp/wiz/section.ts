import { z } from 'zod';
import { SecretRef, Url } from '../../../config/values.ts';

/** The section `cnapp.wiz`. */
export const Wiz = z.object({
  tokenUrl: Url,
  apiUrl: Url,
  audience: z.string().default('wiz-api'),
  clientId: SecretRef,
  clientSecret: SecretRef,
  maxConcurrent: z.number().int().positive().default(4),
});
export type Wiz = z.infer<typeof Wiz>;
