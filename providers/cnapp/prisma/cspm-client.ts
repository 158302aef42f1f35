import { z } from 'zod';
import { isProviderError } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { byToken } from '../../http/auth.ts';
import { ofShape } from '../../http/body.ts';
import { createHttpClient, type HttpClientOptions, type HttpRequest } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createPacer } from '../../http/pace.ts';
import { createTokenCache } from '../../http/tokens.ts';
import { HINTS, VENDOR } from './errors.ts';
import type { PrismaConfig } from './section.ts';

export interface CspmRequest {
  /** Names the rate limit and the permission; see errors.ts. */
  readonly operation: string;
  readonly path: string;
  /** Left out: a GET. */
  readonly body?: unknown;
}
export interface CspmClient {
  /** The parsed answer, null for an empty body. Throws ProviderError. */
  call(request: CspmRequest): Promise<unknown>;
}

export interface ClientDeps extends HttpDeps {
  readonly config: PrismaConfig;
  readonly secrets: SecretsPort;
}

const Token = z.object({ token: z.string().min(1) });
/** Refusals in a row that are waited out here; after that the caller has to come back. */
const MAX_REFUSALS = 8;
/** A wait the platform states is the caller's; one that follows from its rate is short, and waited for here. */
const LONGEST_WAIT_MS = 4_000;
/** The token buckets hold per user and operation; another process may empty one meanwhile, and the next answer tells. */
const BUCKET = {
  rate: 'x-ratelimit-replenish-rate',
  burst: 'x-ratelimit-burst-capacity',
  remaining: 'x-ratelimit-remaining',
  cost: 'x-ratelimit-requested-tokens',
} as const;
const FIELD = 'cnapp.prisma.apiUrl';

/** The CSPM API: a token of ten minutes in `x-redlock-auth`, a bound on concurrent requests, and the vendor's own pace. */
export function createCspmClient(deps: ClientDeps): CspmClient {
  const { config, clock = Date.now, sleep } = deps;
  const pace = { provider: VENDOR, field: 'cnapp.prisma.maxConcurrent', longestWaitMs: 60_000, clock, sleep };
  const pacer = createPacer({ ...pace, bucket: BUCKET });
  const common = { ...deps, hints: HINTS, base: config.apiUrl, field: FIELD, timeoutMs: config.timeout };
  const http = createHttpClient({
    ...common,
    maxConcurrent: config.maxConcurrent,
    hints: { ...HINTS, unstatedWait: (_, { operation }) => pacer.waitMs(operation) || undefined },
    auth: byToken(createTokenCache({ clock, ask: createLogin(deps, common), earlyMs: Infinity }), inHeader),
    pace: ({ operation }) => [[pacer, operation]],
    retry: { attempts: MAX_REFUSALS + 1, longestWaitMs: LONGEST_WAIT_MS },
  });
  // Every POST but one is a question.
  return { call: (request) => http.json({ ...request, repeatable: request.operation !== 'dismiss-alert' }) };
}

const inHeader = (token: string) => ({ 'x-redlock-auth': token });

/**
 * In the last tenth of its life a token is extended; an extension that does not come, and a token that is past its life, lead
 * to a new login.
 */
function createLogin({ config, secrets }: ClientDeps, common: HttpClientOptions) {
  const http = createHttpClient(common);
  const ask = async (request: HttpRequest) => ({
    token: ofShape(Token, await http.json(request), { provider: VENDOR, operation: request.operation, field: FIELD })
      .token,
    lifeMs: config.tokenLifetime,
  });
  const login = async () =>
    ask({ operation: 'login', path: '/login', body: await keysOf(config, secrets), repeatable: true });
  return (_: string, old: string | null) =>
    old === null
      ? login()
      : ask({ operation: 'extend', path: '/auth_token/extend', headers: inHeader(old) }).catch((error: unknown) => {
          if (isProviderError(error) && error.status === 401) return login();
          throw error;
        });
}

/** What both APIs are logged in to with. */
export async function keysOf(config: PrismaConfig, secrets: SecretsPort) {
  const [username, password] = await Promise.all([
    secrets.resolve(config.accessKeyId),
    secrets.resolve(config.secretKey),
  ]);
  return { username, password };
}
