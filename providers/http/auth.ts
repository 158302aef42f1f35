import type { TokenCache } from './tokens.ts';

type HeaderSet = Readonly<Record<string, string>>;

/** What a request proves itself with, and what can be done when it is refused. */
export interface Authoriser {
  /** Token, key or whatever the headers are made from. Throws ProviderError. */
  credential(): Promise<string>;
  headers(credential: string): HeaderSet;
  /** It was refused. True: there may be another one now, so the request is worth one more time. */
  refused(credential: string): Promise<boolean>;
}

const BEARER = (token: string): HeaderSet => ({ authorization: `Bearer ${token}` });

/** A token that is asked for and renewed; `headers` where it is no bearer token. */
export function byToken(tokens: TokenCache, headers: Authoriser['headers'] = BEARER): Authoriser {
  return {
    credential: () => tokens.get(),
    headers,
    refused: async (token) => {
      tokens.discard(token);
      return true;
    },
  };
}

/** A secret as it is. It has no renewal; one that was replaced in its store meanwhile is the one thing to try. */
export function bySecret(resolve: () => Promise<string>, headers: Authoriser['headers'] = BEARER): Authoriser {
  return { credential: resolve, headers, refused: async (used) => (await resolve()) !== used };
}

/** Value of a Basic authorisation. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
