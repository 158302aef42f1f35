import { z } from 'zod';
import type { Teams } from './section.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { MessageRef } from '../../../ports/chat.ts';
import type { Activity } from './elements.ts';
import { errorFromAnswer } from './errors.ts';
import { type Answer, exchange, parseAnswer, safeUrl } from './http.ts';
import { createBotTokens } from './token.ts';

// Not @microsoft/teams.apps: it gets its tokens through MSAL, which takes no authority on plain http, so that a loopback
// token endpoint could only be used by going around it; it repeats calls on its own; and its errors carry the request.

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

export function createTeamsClient(deps: { config: Teams; secrets: SecretsPort; timeoutMs?: number }): TeamsClient {
  const { config } = deps;
  const timeoutMs = deps.timeoutMs ?? config.timeout;
  const base = safeUrl(config.serviceUrl, 'serviceUrl');
  const tokens = createBotTokens({ config, secrets: deps.secrets, timeoutMs });

  const attempt = async (operation: string, path: string, init: RequestInit): Promise<Answer & { token: string }> => {
    const token = await tokens.get();
    const headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    };
    return { ...(await exchange(operation, base + path, { ...init, headers, timeoutMs })), token };
  };
  const call = async (operation: string, path: string, init: RequestInit): Promise<Answer> => {
    let answer = await attempt(operation, path, init);
    if (answer.status === 401) {
      // Refused before anything was done, so that even a post may be sent again.
      tokens.drop(answer.token);
      answer = await attempt(operation, path, init);
    }
    if (answer.status < 200 || answer.status > 299) throw errorFromAnswer(operation, answer);
    return answer;
  };

  const conversation = (id: string) => `/v3/conversations/${encodeURIComponent(id)}`;
  return {
    send: async (conversationId, activity) => {
      const body = JSON.stringify(activity);
      const path = `${conversation(conversationId)}/activities`;
      const answer = await call('send', path, { method: 'POST', body });
      return { channel: conversationId, messageTs: parseAnswer('send', answer, Sent).id };
    },
    update: async (ref, activity) => {
      const path = `${conversation(ref.channel)}/activities/${encodeURIComponent(ref.messageTs)}`;
      await call('update', path, { method: 'PUT', body: JSON.stringify({ ...activity, id: ref.messageTs }) });
    },
    member: async (conversationId, id) => {
      const path = `${conversation(conversationId)}/members/${encodeURIComponent(id)}`;
      try {
        return parseAnswer('member', await call('member', path, { method: 'GET' }), Member);
      } catch (error) {
        if (isProviderError(error, 'not-found')) return null;
        throw error;
      }
    },
    countMembers: async (conversationId) => {
      const path = `${conversation(conversationId)}/pagedMembers?pageSize=50`;
      return parseAnswer('members', await call('members', path, { method: 'GET' }), Members).members.length;
    },
  };
}

/** The thread under a message of a channel. */
export const threadOf = (ref: MessageRef): string => `${ref.channel};messageid=${ref.messageTs}`;
