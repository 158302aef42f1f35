import type { SecretsPort } from '../../ports/secrets.ts';
import { safeBase } from '../http/address.ts';
import { askAgain } from '../http/again.ts';
import type { Authoriser } from '../http/auth.ts';
import type { HttpDeps } from '../http/deps.ts';
import { createTokenCache } from '../http/tokens.ts';
import { requestEntraToken } from './entra.ts';
import { isPassing, VENDOR } from './errors.ts';

export interface AzureTokensOptions extends HttpDeps {
  /** e.g. `https://login.microsoftonline.com`, or the one of a national cloud. Plain http for loopback only. */
  readonly authorityUrl: string;
  /** Directory id or domain of the tenant. */
  readonly tenantId: string;
  /** The application's id itself, or a secret reference to it. */
  readonly clientId: string;
  /** Secret reference. */
  readonly clientSecret: string;
  readonly secrets: SecretsPort;
  /** Per request. @default 30000 */
  readonly timeoutMs?: number;
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

const IS_REFERENCE = /^(env|file|vault|aws-sm):/;
/** Renewed this long before the end, or after nine tenths of a short life. */
const EARLY_MS = 5 * 60_000;

/**
 * Client credentials of Microsoft Entra ID, asked for by Microsoft's own client. Keeping and renewing is ours: its cache knows
 * neither a token that was refused nor another clock.
 */
export function createAzureTokens(options: AzureTokensOptions): AzureTokens {
  const { secrets, tenantId, clock = Date.now, timeoutMs = 30_000, fetch, sleep } = options;
  const authority = safeBase(options.authorityUrl, { provider: VENDOR, field: 'authorityUrl' });
  const valueOf = (text: string) => (IS_REFERENCE.test(text) ? secrets.resolve(text) : Promise.resolve(text));
  const ask = async (scope: string) => {
    const [clientId, clientSecret] = await Promise.all([
      valueOf(options.clientId),
      secrets.resolve(options.clientSecret),
    ]);
    const request = { authority, tenantId, clientId, clientSecret, scope };
    return askAgain(() => requestEntraToken(request, { timeoutMs, clock, fetch }), {
      passing: (error) => isPassing(error.status, error.message),
      sleep,
    });
  };
  const cache = createTokenCache({ clock, ask, earlyMs: EARLY_MS });
  return {
    async getToken(scopes) {
      const { token, endsAt } = await cache.held([scopes].flat().join(' '));
      return { token, expiresOnTimestamp: endsAt };
    },
    discard: (token) => void cache.discard(token),
  };
}

/** Requests of a client of ours under such a token. */
export function byAzureToken(tokens: AzureTokens, scope: string): Authoriser {
  return {
    credential: async () => (await tokens.getToken(scope)).token,
    headers: (token) => ({ authorization: `Bearer ${token}` }),
    refused: async (token) => {
      tokens.discard(token);
      return true;
    },
  };
}
