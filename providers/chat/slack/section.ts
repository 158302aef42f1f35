import { z } from 'zod';
import { SecretRef, Url } from '../../../schemas/config-values.ts';

export const Slack = z.strictObject({
  apiUrl: Url,
  botToken: SecretRef,
  /** Scopes `users:read`, `users:read.email`, `usergroups:read` and no other: with it the executor asks whether who approved still may. */
  peopleToken: SecretRef.optional(),
  signingSecret: SecretRef,
  appId: z.string(),
  teamId: z.string(),
  /** Fallback channel when the owner has no account; also where escalations go. */
  channel: z.string(),
  approverUsergroup: z.string(),
  port: z.number().int().min(0).default(3000),
  /** Address the app listens on; 0.0.0.0 in a container behind a TLS proxy. */
  host: z.string().default('127.0.0.1'),
  allowedResponseUrlHosts: z.array(z.string()).default(['hooks.slack.com']),
});
export type Slack = z.infer<typeof Slack>;
