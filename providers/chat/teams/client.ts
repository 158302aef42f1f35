import { z } from 'zod';
import type { Teams } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { MessageRef } from '../../../ports/chat.ts';
import { byToken } from '../../http/auth.ts';
import { ofShape, readBody } from '../../http/body.ts';
import { createHttpClient } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { requestToken } from '../../http/oauth.ts';
import { createTokenCache } from '../../http/tokens.ts';
import type { Activity } from './elements.ts';
import { HINTS, TOKEN_OPERATION, VENDOR } from './errors.ts';

// Not @microsoft/teams.apps: it repeats calls on its own, and its errors carry the request.

const Member = z
  .looseObject({
    id: z.string(),
    name: z.string().default(''),
    /** The connector uses either name. */
    aadObjectId: z.string().optional(),
    objectId: z.string().optional(),
    tenantId: z.string().optional(),
    userRole: z.string().optional(),
    userPrincipalName: z.string().nullish(),
  })
  .transform((m) => ({ ...m, aadObjectId: m.aadObjectId ?? m.objectId ?? null }));
export type Member = z.infer<typeof Member>;

const Sent = z.looseObject({ id: z.string().min(1) });
const Members = z.looseObject({ members: z.array(z.unknown()) });

/** The Bot Framework connector, as far as we use it. Throws ProviderError. */
export interface TeamsClient {
  /** Posts and returns where. Never repeated: a repeated post is a second message. */
  send(conversationId: string, activity: Activity): Promise<MessageRef>;
  /** Puts another content into a message of ours. Idempotent. */
  update(ref: MessageRef, activity: Activity): Promise<void>;
  /** Member by channel id (`29:…`) or Entra object id; null when there is none. */
  member(conversationId: string, id: string): Promise<Member | null>;
  /** How many members the first page of the conversation has. */
  countMembers(conversationId: string): Promise<number>;
}

export interface TeamsClientOptions extends HttpDeps {
  readonly config: Teams;
  readonly secrets: SecretsPort;
  /** @default the section's `timeout` */
  readonly timeoutMs?: number;
}

const FIELD = 'chat.teams.serviceUrl';
const MAX_BYTES = 2_000_000;
const AT_MEMBER = { provider: VENDOR, operation: 'member', field: FIELD };

export function createTeamsClient(options: TeamsClientOptions): TeamsClient {
  const { config, clock = Date.now } = options;
  const timeoutMs = options.timeoutMs ?? config.timeout;
  const http = createHttpClient({
    ...options,
    hints: HINTS,
    base: config.serviceUrl,
    field: FIELD,
    timeoutMs,
    maxBytes: MAX_BYTES,
    auth: byToken(createTokenCache({ clock, ask: createLogin(options, timeoutMs) })),
  });
  const shaped = <T>(operation: string, shape: z.ZodType<T>, body: unknown) =>
    ofShape(shape, body, { provider: VENDOR, operation, field: FIELD });

  const conversation = (id: string) => `/v3/conversations/${encodeURIComponent(id)}`;
  return {
    send: async (conversationId, activity) => {
      const path = `${conversation(conversationId)}/activities`;
      const body = await http.json({ operation: 'send', path, method: 'POST', body: activity });
      return { channel: conversationId, messageTs: shaped('send', Sent, body).id };
    },
    update: async (ref, activity) => {
      const path = `${conversation(ref.channel)}/activities/${encodeURIComponent(ref.messageTs)}`;
      await http.send({ operation: 'update', path, method: 'PUT', body: { ...activity, id: ref.messageTs } });
    },
    member: async (conversationId, id) => {
      const path = `${conversation(conversationId)}/members/${encodeURIComponent(id)}`;
      // Nobody of that id is an answer, and the usual one for whoever is not in the team.
      const answer = await http.send({ operation: 'member', path, expect: [404] });
      return answer.status === 404 ? null : shaped('member', Member, readBody(answer, AT_MEMBER));
    },
    countMembers: async (conversationId) => {
      const path = `${conversation(conversationId)}/pagedMembers?pageSize=50`;
      return shaped('members', Members, await http.json({ operation: 'members', path })).members.length;
    },
  };
}

/** The bot's own tokens, by client credentials. */
function createLogin({ config, secrets, ...deps }: TeamsClientOptions, timeoutMs: number) {
  const field = 'chat.teams.tokenUrl';
  const base = config.tokenUrl ?? `https://login.microsoftonline.com/${config.tenantId}/oauth2/v2.0/token`;
  const http = createHttpClient({ ...deps, hints: HINTS, base, field, timeoutMs });
  return async () => {
    const form = {
      grant_type: 'client_credentials',
      client_id: config.appId,
      client_secret: await secrets.resolve(config.appPassword),
      scope: config.tokenScope,
    };
    return requestToken(http, { provider: VENDOR, operation: TOKEN_OPERATION, field, form });
  };
}

/** The thread under a message of a channel. */
export const threadOf = (ref: MessageRef): string => `${ref.channel};messageid=${ref.messageTs}`;
