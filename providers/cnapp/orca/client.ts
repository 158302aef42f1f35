import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { bodyFailure, DEFAULT_RETRY_MS, httpFailure, retryAfter } from './errors.ts';
import type { Orca } from './section.ts';
import { jsonOrNull, parseJson, send, type Transport } from './transport.ts';

export interface OrcaRequest {
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query, every part already encoded. */
  readonly path: string;
  readonly body?: unknown;
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
export function createOrcaClient(options: {
  readonly config: Pick<Orca, 'apiUrl' | 'apiToken' | 'maxConcurrent' | 'rateLimitWait'>;
  readonly secrets: SecretsPort;
  readonly transport: Transport;
  /** @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>;
}): OrcaClient {
  const { config, secrets, transport, sleep = delay } = options;
  const base = config.apiUrl.replace(/\/+$/, '');
  const limit = pLimit(config.maxConcurrent);
  let open: Promise<unknown> = Promise.resolve();

  const once = (request: OrcaRequest, token: string) =>
    send(transport, {
      operation: request.operation,
      url: base + request.path,
      init: {
        method: request.method,
        headers: { authorization: `Token ${token}`, 'content-type': 'application/json', accept: 'application/json' },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      },
    });

  /** The token has no renewal call; a secret that was replaced meanwhile is the one thing to try after a 401. */
  const authorised = async (request: OrcaRequest) => {
    const token = await secrets.resolve(config.apiToken);
    const answer = await once(request, token);
    if (answer.response.status !== 401) return answer;
    const renewed = await secrets.resolve(config.apiToken);
    return renewed === token ? answer : once(request, renewed);
  };

  const exchange = async (request: OrcaRequest): Promise<unknown> => {
    let waited = 0;
    for (let attempt = 1; ; attempt++) {
      await open;
      const { response, text } = await authorised(request);
      if (response.ok) {
        const body = parseJson(request.operation, text);
        const refused = bodyFailure(request, body);
        if (refused) throw refused;
        return body;
      }
      const refused = httpFailure(request, response, jsonOrNull(text));
      if (response.status !== 429) throw refused;
      const asked = retryAfter(response.headers.get('retry-after'));
      const pause = asked ?? Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), DEFAULT_RETRY_MS);
      waited += pause;
      if (attempt >= ATTEMPTS || waited > config.rateLimitWait) throw refused;
      open = Promise.all([open, sleep(pause)]);
    }
  };

  return { call: (request) => limit(() => exchange(request)) };
}
