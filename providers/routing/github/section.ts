import { z } from 'zod';
import { SecretRef, Url } from '../../../schemas/config-values.ts';

export const GitHub = z.strictObject({
  apiUrl: Url.default('https://api.github.com'),
  /** A fine-grained token or an app's installation token with Actions: read and write on that repository. */
  token: SecretRef,
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name'),
  /** File name of the workflow; its `run-name` must contain `${{ inputs.handover }}`, by which a run is found again. */
  workflow: z.string().default('idlewise.yml'),
  ref: z.string().default('main'),
});
export type GitHub = z.infer<typeof GitHub>;
