import { z } from 'zod';
import { Duration, SecretRef, Url } from '../schemas/config-values.ts';

const GitHub = z.object({
  apiUrl: Url.default('https://api.github.com'),
  /** A fine-grained token or an app's installation token with Actions: read and write on that repository. */
  token: SecretRef,
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name'),
  /** File name of the workflow; its `run-name` must contain `${{ inputs.handover }}`, by which a run is found again. */
  workflow: z.string().default('idlewise.yml'),
  ref: z.string().default('main'),
});

const GitLab = z.object({
  apiUrl: Url.default('https://gitlab.com/api/v4'),
  /** A project access token with the scope `api`. */
  token: SecretRef,
  /** Numeric id or path of the project. */
  project: z.string().min(1),
  ref: z.string().default('main'),
});

const Webhook = z.object({
  url: Url,
  /** Shared secret of the signature; the receiver signs its result with it as well. */
  signingSecret: SecretRef,
});

/** Changes that the platform team's own pipeline makes: the section `routing`. */
export const Routing = z
  .object({
    vendor: z.enum(['none', 'github', 'gitlab', 'webhook']).default('none'),
    /** Accounts, subscriptions and projects whose approved changes go to the pipeline instead of our executor. */
    accounts: z.array(z.string()).default([]),
    /** Also hands over what is only observed, as a recommendation. */
    recommendations: z.boolean().default(false),
    /** Longest a pipeline may take before the change is given to a person. */
    deadline: Duration.default(1_800_000),
    poll: Duration.default(10_000),
    timeout: Duration.default(15_000),
    github: GitHub.optional(),
    gitlab: GitLab.optional(),
    webhook: Webhook.optional(),
  })
  .refine((r) => r.vendor === 'none' || r[r.vendor] !== undefined, {
    error: 'must have the section of the chosen vendor (github, gitlab or webhook)',
  });
export type Routing = z.infer<typeof Routing>;
