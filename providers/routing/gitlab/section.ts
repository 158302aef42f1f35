import { z } from 'zod';
import { SecretRef, Url } from '../../../schemas/config-values.ts';

export const GitLab = z.strictObject({
  apiUrl: Url.default('https://gitlab.com/api/v4'),
  /** A project access token with the scope `api`. */
  token: SecretRef,
  /** Numeric id or path of the project. */
  project: z.string().min(1),
  ref: z.string().default('main'),
});
export type GitLab = z.infer<typeof GitLab>;
