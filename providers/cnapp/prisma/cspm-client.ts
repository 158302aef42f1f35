import pLimit from 'p-limit';
import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { DEFAULT_RETRY_MS, failure, failureWith, httpFailure } from './errors.ts';
import { createPacer, type Pacer } from './pacer.ts';
import type { PrismaConfig } from './section.ts';
import { createTokenSource } from './token-source.ts';
import { readJson, send, type Transport } from './transport.ts';

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

export interface ClientDeps {
  readonly config: PrismaConfig;
  readonly secrets: SecretsPort;
  readonly transport: Transport;
}

const Token = z.object({ token: z.string().min(1) });
/** Refusals in a row that are waited out here; after that the caller has to come back. */
const MAX_REFUSALS = 8;
const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

/** The CSPM API: a token of ten minutes in `x-redlock-auth`, a bound on concurrent requests, and the vendor's own pace. */
export function createCspmClient({ config, secrets, transport }: ClientDeps): CspmClient {
  const limit = pLimit(config.maxConcurrent);
  const pacer = createPacer(transport);
  const url = (path: string) => `${config.apiUrl.replace(/\/+$/, '')}${path}`;

  const login = async (): Promise<string> => {
    const [username, password] = await Promise.all([
      secrets.resolve(config.accessKeyId),
      secrets.resolve(config.secretKey),
    ]);
    const init = { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify({ username, password }) };
    const response = await send(transport, { operation: 'login', url: url('/login'), init });
    if (!response.ok) throw httpFailure('login', response);
    return readToken('login', response);
  };
  const extend = async (token: string): Promise<string | null> => {
    const init = { headers: { 'x-redlock-auth': token, accept: 'application/json' } };
    const response = await send(transport, { operation: 'extend', url: url('/auth_token/extend'), init });
    if (response.status === 401) return null;
    if (!response.ok) throw httpFailure('extend', response);
    return readToken('extend', response);
  };
  const tokens = createTokenSource({ lifetimeMs: config.tokenLifetime, clock: transport.clock, login, extend });

  const attempt = async ({ operation, path, body }: CspmRequest): Promise<Response> => {
    const token = await tokens.get();
    const init: RequestInit = {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...JSON_HEADERS, 'x-redlock-auth': token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    await pacer.take(operation);
    const response = await send(transport, { operation, url: url(path), init });
    pacer.learn(operation, response.headers, response.status === 429);
    if (response.status === 401) tokens.discard(token);
    return response;
  };

  const exchange = async (request: CspmRequest): Promise<unknown> => {
    let response = await attempt(request);
    if (response.status === 401) response = await attempt(request);
    for (let refused = 1; response.status === 429; refused++) {
      if (refused > MAX_REFUSALS || !canWait(pacer, request.operation, response))
        throw tooMany(pacer, request.operation, response);
      response = await attempt(request);
    }
    if (!response.ok) throw httpFailure(request.operation, response);
    return readJson(request.operation, response);
  };

  return { call: (request) => limit(() => exchange(request)) };
}

/** Without its own waiting time a refusal is waited out at the rate the vendor states; `take` does the waiting. */
function canWait(pacer: Pacer, operation: string, response: Response): boolean {
  return response.headers.get('retry-after') === null && pacer.wait(operation) !== null;
}

function tooMany(pacer: Pacer, operation: string, response: Response) {
  const error = httpFailure(operation, response);
  if (response.headers.get('retry-after') !== null) return error;
  const retryAfterMs = pacer.wait(operation) ?? DEFAULT_RETRY_MS;
  const message = 'HTTP 429: too many requests; lower cnapp.prisma.maxConcurrent';
  return failureWith({ operation, kind: Kind.RetryAfter, status: 429, message, retryAfterMs });
}

async function readToken(operation: string, response: Response): Promise<string> {
  const parsed = Token.safeParse(await readJson(operation, response));
  if (!parsed.success)
    throw failure(operation, Kind.Malformed, 'the answer has no token (text); check cnapp.prisma.apiUrl');
  return parsed.data.token;
}
