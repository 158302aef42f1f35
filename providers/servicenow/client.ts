import pLimit from 'p-limit';
import type { Config } from '../../config/schema.ts';
import { ProviderErrorKind } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { createAuthoriser } from './auth.ts';
import { errorFromAnswer, serviceNowError } from './errors.ts';

export interface ServiceNowRequest {
  /** What we are doing, for the error message. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Path on the instance; may already carry an encoded query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface ServiceNowAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; null for an empty body. */
  readonly body: unknown;
}

/** One ServiceNow instance over HTTP. Throws ProviderError for everything outside 2xx. */
export interface ServiceNowClient {
  readonly instanceUrl: string;
  send(request: ServiceNowRequest): Promise<ServiceNowAnswer>;
}

export interface ServiceNowClientOptions {
  readonly config: NonNullable<Config['servicenow']>;
  readonly secrets: SecretsPort;
  /** Requests in flight at once: instances queue on a handful of semaphores. @default 4 */
  readonly maxConcurrent?: number;
  /** Answers longer than this are refused. @default 20 MB */
  readonly maxBytes?: number;
  readonly now?: () => number;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Small client for every ServiceNow call: credentials, time limit, size limit, no redirects, one token renewal. */
export function createServiceNowClient(options: ServiceNowClientOptions): ServiceNowClient {
  const { config, secrets, maxConcurrent = 4, maxBytes = 20_000_000, now = Date.now } = options;
  const instance = new URL(config.instanceUrl);
  if (instance.protocol !== 'https:' && !LOOPBACK.has(instance.hostname))
    throw serviceNowError(ProviderErrorKind.Terminal, 'configure', {
      message: `servicenow.instanceUrl is ${instance.protocol}//…; use https, plain http is for loopback only`,
    });
  const limit = pLimit(maxConcurrent);

  const exchange = async (operation: string, url: URL, init: RequestInit) => {
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(config.timeout) });
      return { status: response.status, headers: response.headers, text: await readCapped(response, maxBytes) };
    } catch (cause) {
      if (cause instanceof TooLarge)
        throw serviceNowError(ProviderErrorKind.Malformed, operation, {
          message: `answer is larger than ${maxBytes} bytes; narrow the query`,
        });
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
      throw serviceNowError(ProviderErrorKind.Unavailable, operation, {
        message: timedOut ? `no answer within ${config.timeout} ms` : 'connection failed or was cut',
        cause,
      });
    }
  };

  const authoriser = createAuthoriser({
    config,
    secrets,
    now,
    postForm: async (path, form) => {
      const answer = await exchange('authenticate', new URL(path, instance), {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      });
      // A refused client or user comes back as 400 or 401 alike; neither is worth a retry.
      if (answer.status === 400) throw errorFromAnswer('authenticate', { ...answer, status: 401 });
      if (answer.status !== 200) throw errorFromAnswer('authenticate', answer);
      return parseJson('authenticate', answer);
    },
  });

  const send = async (request: ServiceNowRequest): Promise<ServiceNowAnswer> => {
    const url = new URL(request.path, instance);
    if (url.origin !== instance.origin)
      throw serviceNowError(ProviderErrorKind.Terminal, request.operation, { message: 'path leaves the instance' });
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const attempt = async (authorization: string) =>
      exchange(request.operation, url, {
        method: request.method,
        headers: {
          accept: 'application/json',
          authorization,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
    const authorization = await authoriser.header();
    let answer = await attempt(authorization);
    // A 401 is decided before the request is looked at, so even a POST may be sent again.
    if (answer.status === 401 && authoriser.renew(authorization)) answer = await attempt(await authoriser.header());
    if (answer.status < 200 || answer.status > 299) throw errorFromAnswer(request.operation, answer);
    return { status: answer.status, headers: answer.headers, body: parseJson(request.operation, answer) };
  };

  return { instanceUrl: instance.origin, send: (request) => limit(() => send(request)) };
}

class TooLarge extends Error {}

async function readCapped(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(operation: string, answer: { status: number; text: string }): unknown {
  if (answer.text === '') return null;
  try {
    return JSON.parse(answer.text);
  } catch {
    throw serviceNowError(ProviderErrorKind.Malformed, operation, {
      status: answer.status,
      message: 'answer is not JSON; an HTML page usually means a sleeping instance or a login proxy',
    });
  }
}
