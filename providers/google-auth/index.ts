import { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { authError, refusalOf } from './errors.ts';
import { assertionOf, parseServiceAccount } from './service-account.ts';

export interface GoogleAuthOptions {
  /** Secret reference of a service account's key file, JSON. */
  readonly credentials: string;
  readonly secrets: SecretsPort;
  /** Where tokens are asked for. @default the key file's `token_uri` */
  readonly tokenUrl?: string | null;
  /** @default cloud-platform; what the account may do is decided by its roles */
  readonly scopes?: readonly string[];
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** Per token request. @default 30000 */
  readonly timeoutMs?: number;
  /** Epoch milliseconds, for the signed statement. @default Date.now */
  readonly clock?: () => number;
}

const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const CLOUD_PLATFORM = ['https://www.googleapis.com/auth/cloud-platform'] as const;
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const EARLY_MS = 60_000;
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * An AuthClient for every `@google-cloud/*` and `@googleapis/*` client: it asks for a token when one is needed, and once
 * more when the one it has is refused. The library's own service-account client is not used because it knows one token
 * endpoint only. To forget a token by hand: `setCredentials({})`.
 */
export function createGoogleAuth(options: GoogleAuthOptions): OAuth2Client {
  const { secrets, clock = Date.now, timeoutMs = 30_000, fetch = globalThis.fetch } = options;
  const scope = (options.scopes ?? CLOUD_PLATFORM).join(' ');
  let pending: Promise<{ access_token: string; expiry_date: number }> | undefined;

  const request = async () => {
    const account = parseServiceAccount(await secrets.resolve(options.credentials));
    const audience = account.token_uri ?? TOKEN_URL;
    const url = safeUrl(options.tokenUrl ?? audience);
    const assertion = await assertionOf(account, { scope, audience, now: clock() });
    const { status, text, retryAfter } = await post(url, new URLSearchParams({ grant_type: GRANT, assertion }));
    if (status !== 200) throw refusalOf(status, text, retryAfter);
    const token = tokenOf(text);
    // The library compares with the wall clock.
    return { access_token: token.access_token, expiry_date: Date.now() + token.expires_in * 1000 };
  };

  const post = async (url: URL, form: URLSearchParams) => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: form.toString(), redirect: 'manual', signal });
      return {
        status: response.status,
        text: await response.text(),
        retryAfter: response.headers.get('retry-after'),
      };
    } catch (cause) {
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
      const what = timedOut ? `no answer within ${timeoutMs} ms` : 'the connection failed or was cut';
      throw authError(Kind.Unavailable, `${what} (${url.host})`, { cause });
    }
  };

  const client = new OAuth2Client({ forceRefreshOnFailure: true, eagerRefreshThresholdMillis: EARLY_MS });
  client.refreshHandler = () => {
    pending ??= request().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  return client;
}

function tokenOf(text: string): z.infer<typeof Token> {
  try {
    return Token.parse(JSON.parse(text));
  } catch {
    throw authError(Kind.Malformed, 'the answer has no access_token and expires_in; check the token URL');
  }
}

/** A signed statement sent in plain text could be used by whoever reads it. */
function safeUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname)))
    throw authError(Kind.Terminal, `the token URL is ${url.protocol}//…; use https, plain http is for loopback only`);
  return url;
}
