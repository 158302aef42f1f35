import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';

const Guid = z.guid({ error: 'must be a GUID such as 00000000-0000-4000-8000-000000000000' });

/** Microsoft Teams as the approval channel: the section `chat.teams`. The defaults are the public cloud's. */
export const Teams = z.strictObject({
  /** Application (client) id of the bot. Requests that are meant for another bot are refused. */
  appId: Guid,
  /** Client secret of the bot. */
  appPassword: SecretRef,
  /** Entra tenant of the bot and of the people. Interactions from another tenant are refused. */
  tenantId: Guid,
  /** The channel that every request goes to: `19:…@thread.tacv2`. The app logs it when it is added to a team. */
  conversationId: z
    .string()
    .regex(
      /^19:[^;\s]+@thread\.[a-z0-9]+$/,
      'must be a conversation id such as 19:…@thread.tacv2, without ;messageid=',
    ),
  /** Where the connector answers. The app logs the address Teams names when it is added to a team. */
  serviceUrl: Url.default('https://smba.trafficmanager.net/teams'),
  /** Hosts that a request may name as its service. */
  allowedServiceHosts: z.array(z.string()).default(['smba.trafficmanager.net']),
  /** Where the bot's own tokens come from; null: https://login.microsoftonline.com/<tenantId>/oauth2/v2.0/token. */
  tokenUrl: Url.nullable().default(null),
  tokenScope: z.string().default('https://api.botframework.com/.default'),
  /** Who signs what Teams sends. */
  issuer: z.string().default('https://api.botframework.com'),
  /** The keys it is signed with. */
  jwksUrl: Url.default('https://login.botframework.com/v1/.well-known/keys'),
  port: z.number().int().min(0).default(3978),
  /** Address our app listens on; 0.0.0.0 in a container behind a TLS proxy. */
  host: z.string().default('127.0.0.1'),
  /** Longest a single call to Teams may take. */
  timeout: Duration.default(10_000),
});
export type Teams = z.infer<typeof Teams>;
