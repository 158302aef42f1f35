import { gaxios, OAuth2Client } from 'google-auth-library';
import type { SecretsPort } from '../../ports/secrets.ts';
import { createHttpClient } from '../http/client.ts';
import type { HttpDeps } from '../http/deps.ts';
import { requestToken } from '../http/oauth.ts';
import { createTokenCache, type FreshToken } from '../http/tokens.ts';
import { HINTS, isPassing, OPERATION, VENDOR } from './errors.ts';
import { assertionOf, parseServiceAccount } from './service-account.ts';

export interface GoogleAuthOptions extends HttpDeps {
  /** Secret reference of a service account's key file, JSON. */
  readonly credentials: string;
  readonly secrets: SecretsPort;
  /** Where tokens are asked for. @default the key file's `token_uri` */
  readonly tokenUrl?: string | null;
  /** @default cloud-platform; what the account may do is decided by its roles */
  readonly scopes?: readonly string[];
  /** Per token request. @default 30000 */
  readonly timeoutMs?: number;
}

const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const CLOUD_PLATFORM = ['https://www.googleapis.com/auth/cloud-platform'] as const;
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * An AuthClient for every `@google-cloud/*` and `@googleapis/*` client. The library's own service-account client is not used
 * because it knows one token endpoint only.
 */
export function createGoogleAuth(options: GoogleAuthOptions): OAuth2Client {
  const { secrets, clock = Date.now, timeoutMs = 30_000 } = options;
  const scope = (options.scopes ?? CLOUD_PLATFORM).join(' ');
  const ask = async (): Promise<FreshToken> => {
    const account = parseServiceAccount(await secrets.resolve(options.credentials));
    const audience = account.token_uri ?? TOKEN_URL;
    const hints = { ...HINTS, passing: isPassing };
    const field = 'the token URL';
    const http = createHttpClient({ ...options, hints, base: options.tokenUrl ?? audience, field, timeoutMs });
    const assertion = await assertionOf(account, { scope, audience, now: clock() });
    return requestToken(http, {
      provider: VENDOR,
      operation: OPERATION,
      field,
      form: { grant_type: GRANT, assertion },
    });
  };
  return clientOfTokens(ask, clock);
}

/**
 * A client of Google's that asks us for its token before each request, and once more when that one is refused: its own memory
 * compares with the machine's clock alone. To forget a token by hand: `setCredentials({})`.
 */
export function clientOfTokens(ask: () => Promise<FreshToken>, clock: () => number): OAuth2Client {
  const tokens = createTokenCache({ clock, ask });
  // Always about to expire, for the library: so it asks.
  const client = new OAuth2Client({ eagerRefreshThresholdMillis: Number.POSITIVE_INFINITY });
  let last: string | null = null;
  client.refreshHandler = async () => {
    last = await tokens.get();
    return { access_token: last, expiry_date: Date.now() };
  };
  const keep = client.setCredentials.bind(client);
  client.setCredentials = (credentials) => {
    if (!credentials.access_token && last !== null) tokens.discard(last);
    keep(credentials);
  };
  const send = client.request.bind(client);
  client.request = async <T>(request: Parameters<typeof send>[0]) => {
    try {
      return await send<T>(request);
    } catch (error) {
      if (!(error instanceof gaxios.GaxiosError) || error.response?.status !== 401) throw error;
      // A 401 is decided before anything is done.
      client.setCredentials({});
      return send<T>(request);
    }
  };
  return client;
}
