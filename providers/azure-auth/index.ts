import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { authError, refusalOf, VENDOR } from './errors.ts';
import { createExchange, safeBase } from './http.ts';

export interface AzureTokensOptions {
  /** e.g. `https://login.microsoftonline.com`, or the one of a national cloud. Plain http for loopback only. */
  readonly authorityUrl: string;
  /** Directory id or domain of the tenant. */
  readonly tenantId: string;
  /** The application's id itself, or a secret reference to it. */
  readonly clientId: string;
  /** Secret reference. */
  readonly clientSecret: string;
  readonly secrets: SecretsPort;
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** Per request. @default 30000 */
  readonly timeoutMs?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

export interface AzureToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresOnTimestamp: number;
}

/** Has the shape of the Azure SDKs' TokenCredential, so that their clients take it as it is. */
export interface AzureTokens {
  /** The current token for these scopes, asked for once however many callers wait. @throws ProviderError */
  getToken(scopes: string | string[]): Promise<AzureToken>;
  /** Forgets this token (and only this one): the next `getToken` asks for a new one. */
  discard(token: string): void;
}

const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const IS_REFERENCE = /^(env|file|vault|aws-sm):/;
/** Renewed this long before the end, or after nine tenths of a short life. */
const EARLY_MS = 5 * 60_000;

/**
 * OAuth client credentials of Microsoft Entra ID. Own code because the client of `@azure/identity` accepts no authority
 * that is not https, and production and tests must run the same lines.
 */
export function createAzureTokens(options: AzureTokensOptions): AzureTokens {
  const { tenantId, secrets, clock = Date.now, timeoutMs = 30_000 } = options;
  const base = safeBase(options.authorityUrl, { provider: VENDOR, field: 'authorityUrl' });
  const exchange = createExchange({ provider: VENDOR, timeoutMs, ...(options.fetch ? { fetch: options.fetch } : {}) });
  const current = new Map<string, AzureToken & { readonly renewAt: number }>();
  const pending = new Map<string, Promise<AzureToken>>();
  const valueOf = (text: string) => (IS_REFERENCE.test(text) ? secrets.resolve(text) : Promise.resolve(text));

  const request = async (scope: string): Promise<AzureToken> => {
    const [clientId, clientSecret] = await Promise.all([
      valueOf(options.clientId),
      secrets.resolve(options.clientSecret),
    ]);
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
    const answer = await exchange({
      operation: 'token',
      url: new URL(`${base}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`),
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams(form).toString(),
      },
    });
    if (answer.status !== 200) throw refusalOf(answer, clock());
    const parsed = Token.safeParse(jsonOf(answer.text));
    if (!parsed.success)
      throw authError(Kind.Malformed, 'the answer has no access_token and expires_in; check authorityUrl');
    const lifeMs = parsed.data.expires_in * 1000;
    const token = {
      token: parsed.data.access_token,
      expiresOnTimestamp: clock() + lifeMs,
      renewAt: clock() + lifeMs - Math.min(EARLY_MS, lifeMs / 10),
    };
    current.set(scope, token);
    return token;
  };

  return {
    async getToken(scopes) {
      const scope = [scopes].flat().join(' ');
      const known = current.get(scope);
      if (known && clock() < known.renewAt) return known;
      const shared = pending.get(scope) ?? request(scope).finally(() => pending.delete(scope));
      pending.set(scope, shared);
      return shared;
    },
    discard(token) {
      for (const [scope, known] of current) if (known.token === token) current.delete(scope);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
