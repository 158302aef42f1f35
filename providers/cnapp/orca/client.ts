import type { SecretsPort } from '../../../ports/secrets.ts';
import { bySecret } from '../../http/auth.ts';
import { createHttpClient, type HttpRequest } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { jsonOf } from '../../http/failure.ts';
import { bodyFailure, HINTS } from './errors.ts';
import type { Orca } from './section.ts';

export interface OrcaRequest extends Pick<HttpRequest, 'operation' | 'path' | 'body' | 'repeatable'> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** The right the token needs, in words, for the message of a refusal. */
  readonly needs: string;
}

export interface OrcaClient {
  /** The answer's JSON. Throws ProviderError; a refusal (also one inside status 200) is a `Refusal`. */
  call(request: OrcaRequest): Promise<unknown>;
}

const FIRST_BACKOFF_MS = 250;
const ATTEMPTS = 5;

/**
 * REST with an API token and a bound on concurrent requests. At the rate limit all requests of this client wait together,
 * as long as the vendor asks and `rateLimitWait` allows; beyond that the caller is told when to come back.
 */
export function createOrcaClient(
  options: HttpDeps & {
    readonly config: Pick<Orca, 'apiUrl' | 'apiToken' | 'maxConcurrent' | 'rateLimitWait' | 'timeout'>;
    readonly secrets: SecretsPort;
  },
): OrcaClient {
  const { config, secrets } = options;
  const http = createHttpClient({
    ...options,
    hints: { ...HINTS, inside: ({ text }, request) => bodyFailure(request, jsonOf(text)) },
    base: config.apiUrl,
    field: 'cnapp.orca.apiUrl',
    timeoutMs: config.timeout,
    maxConcurrent: config.maxConcurrent,
    auth: bySecret(
      () => secrets.resolve(config.apiToken),
      (token) => ({ authorization: `Token ${token}` }),
    ),
    retry: { attempts: ATTEMPTS, longestWaitMs: config.rateLimitWait, firstPauseMs: FIRST_BACKOFF_MS },
  });
  return { call: (request) => http.json(request) };
}
