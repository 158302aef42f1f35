import { isProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { JiraClient } from './client.ts';
import { Intent, Myself } from './wire.ts';

export interface CreationIntent {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly issueId: string | null;
}

/**
 * "Creation started" and "this is the issue", kept by operation as properties of the integration account's own user:
 * read at once, where the search index lags by seconds, and writable without any administrator's permission.
 */
export interface Intents {
  get(token: string): Promise<CreationIntent | null>;
  put(token: string, intent: CreationIntent): Promise<void>;
  /** No error when there is none. */
  forget(token: string): Promise<void>;
}

export function createIntents(client: JiraClient): Intents {
  let account: Promise<string> | null = null;
  const accountId = (): Promise<string> => {
    account ??= client
      .send({ operation: 'who am I', method: 'GET', path: '/rest/api/3/myself', answer: Myself })
      .then((me) => me.accountId)
      .catch((error: unknown) => {
        account = null;
        throw error;
      });
    return account;
  };
  const at = async (token: string) => ({
    path: `/rest/api/3/user/properties/${token}`,
    query: { accountId: await accountId() },
  });
  const unlessMissing = (error: unknown) => {
    if (!isProviderError(error, ProviderErrorKind.NotFound)) throw error;
    return null;
  };
  return {
    async get(token) {
      const request = { operation: 'read intent', method: 'GET', ...(await at(token)), answer: Intent } as const;
      const found = await client.send(request).catch(unlessMissing);
      return found && { startedAt: found.value.startedAt, issueId: found.value.issueId ?? null };
    },
    async put(token, body) {
      await client.send({ operation: 'keep intent', method: 'PUT', ...(await at(token)), body, answer: null });
    },
    async forget(token) {
      const request = { operation: 'drop intent', method: 'DELETE', ...(await at(token)), answer: null } as const;
      await client.send(request).catch(unlessMissing);
    },
  };
}
