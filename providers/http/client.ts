import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { ProviderErrorKind as Kind, type ProviderError } from '../../ports/errors.ts';
import { safeBase, within } from './address.ts';
import { mayPass, PAUSES_MS } from './again.ts';
import type { Authoriser } from './auth.ts';
import { readBody } from './body.ts';
import { boundedFetch, type Fetch, type HttpAnswer } from './exchange.ts';
import { failureOf, networkFailure, refusedOf, UNSTATED_WAIT_MS, type VendorHints } from './failure.ts';
import { createPacer, type Pacer } from './pace.ts';
import { LONGEST_WAIT_MS, waitOf } from './wait.ts';

export interface HttpRequest {
  /** What is being done, for error messages; no ids and no secrets. */
  readonly operation: string;
  /** @default GET, or POST with a body */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base, each part encoded; or an absolute address that an answer named, which must lie below the base. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | URLSearchParams | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; `URLSearchParams` as a form. */
  readonly body?: unknown;
  /** The right this request needs, in words for the message of a refusal. */
  readonly needs?: string;
  /** Statuses outside 2xx that the caller answers for itself. */
  readonly expect?: readonly number[];
  /** Whether asking twice does no harm. @default what does not change anything: GET, or a POST that only asks must say so */
  readonly repeatable?: boolean;
  /** False: without credentials, such as a request for them. */
  readonly auth?: boolean;
  /** Time that requests of one piece of work may spend on waiting out refusals, shared and counted down. */
  readonly patience?: { leftMs: number };
  /** Told of each time it is sent. */
  readonly sent?: () => void;
}

export interface Retry {
  /** Times of asking, the first included. @default 1 */
  readonly attempts: number;
  /** A pause longer than this, or all of one request together, is the caller's to wait. */
  readonly longestWaitMs: number;
  /** First pause where the vendor states none; doubled with each one. @default the vendor's `unstatedWaitMs` */
  readonly firstPauseMs?: number;
  /** Statuses beside 429 that pass by themselves. */
  readonly statuses?: readonly number[];
}

export interface HttpClientOptions {
  readonly hints: VendorHints & ClientHints;
  /** Base address, or how to find it; https, or loopback. */
  readonly base: string | (() => Promise<string>);
  /** The setting that holds it, for messages. */
  readonly field: string;
  /** For one exchange from connecting to the end of the body. */
  readonly timeoutMs: number;
  /** @default 50 MB */
  readonly maxBytes?: number;
  /** Requests in flight at once. @default no bound */
  readonly maxConcurrent?: number | undefined;
  readonly auth?: Authoriser;
  /** The pacers a request has to pass, with the part of the API it counts to. */
  readonly pace?: (request: HttpRequest) => readonly (readonly [Pacer, string?])[];
  readonly retry?: Retry;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: Fetch | undefined;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: (() => number) | undefined;
  /** @default a timer */
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
}

/** Hints that only a client of ours can follow. */
export interface ClientHints {
  /** The token itself was refused. @default status 401 */
  readonly tokenRefused?: (answer: HttpAnswer) => boolean;
  /** The error inside an answer of 2xx, where a vendor says so in the body. */
  readonly inside?: (answer: HttpAnswer, request: HttpRequest) => ProviderError | null;
  /** Whether a refusal may be another answer a moment later; null for the usual rule, see `mayPass`. */
  readonly passing?: (error: ProviderError, said: string) => boolean | null;
  /** Told of every answer. */
  readonly seen?: (answer: HttpAnswer, request: HttpRequest) => void;
  /** Milliseconds to wait after a refusal that does not say how long. @default `unstatedWaitMs` */
  readonly unstatedWait?: (answer: HttpAnswer, request: HttpRequest) => number | undefined;
}

export interface HttpClient {
  /** The answer, 2xx or expected. Throws ProviderError for everything else. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The body of the answer as JSON, null when it is empty. Throws ProviderError. */
  json(request: HttpRequest): Promise<unknown>;
}

const MAX_BYTES = 50_000_000;
/** Where patience is the bound, and the vendor states waits of nothing. */
const MOST_ATTEMPTS = 50;

/** One way to talk HTTP with a vendor: see the options for everything it keeps to. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const {
    hints,
    field,
    timeoutMs,
    maxBytes = MAX_BYTES,
    clock = Date.now,
    sleep = (ms: number) => delay(ms),
  } = options;
  const { provider } = hints;
  const checked = (base: string) => safeBase(base, { provider, field });
  const fixedBase = typeof options.base === 'string' ? checked(options.base) : null;
  const baseOf = async () => fixedBase ?? checked(await (options.base as () => Promise<string>)());
  const fetch = boundedFetch({ timeoutMs, maxBytes, fetch: options.fetch });
  const limit = options.maxConcurrent === undefined ? null : pLimit(options.maxConcurrent);
  const { attempts = 1, longestWaitMs = 0, statuses = [], firstPauseMs } = options.retry ?? {};
  // Whoever was refused makes all wait; how long that may be was decided before.
  const own = createPacer({ provider, field, longestWaitMs: Number.POSITIVE_INFINITY, clock, sleep });
  const pacersOf = options.pace ?? (() => [[own]] as const);

  const exchange = async (
    request: HttpRequest,
    authorisation: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> => {
    const { operation, method, body } = request;
    const url = addressOf(await baseOf(), request, provider);
    const pacers = pacersOf(request);
    for (const [pacer, part] of pacers) await pacer.take(operation, part);
    request.sent?.();
    const form = body instanceof URLSearchParams;
    const init = {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' }),
        ...options.headers,
        ...request.headers,
        ...authorisation,
      },
      ...(body === undefined ? {} : { body: form ? body.toString() : JSON.stringify(body) }),
    };
    try {
      const response = await fetch(url, init);
      const answer = { status: response.status, headers: response.headers, text: await response.text() };
      for (const [pacer, part] of pacers) pacer.learn(answer.headers, answer.status === 429, part);
      hints.seen?.(answer, request);
      return answer;
    } catch (error) {
      throw networkFailure(error, { provider, operation, host: url.host });
    }
  };

  /** With credentials that are renewed once. A refused token was refused before anything was done, so any request may go again. */
  const authorised = async (request: HttpRequest): Promise<HttpAnswer> => {
    const { auth } = options;
    if (auth === undefined || request.auth === false) return exchange(request, {});
    const isRefused = hints.tokenRefused ?? ((answer: HttpAnswer) => answer.status === 401);
    const credential = await auth.credential();
    const answer = await exchange(request, auth.headers(credential));
    if (!isRefused(answer) || !(await auth.refused(credential))) return answer;
    return exchange(request, auth.headers(await auth.credential()));
  };

  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    const { method, body, patience = { leftMs: longestWaitMs } } = request;
    const repeatable = request.repeatable ?? (method === undefined ? body === undefined : method === 'GET');
    const most = request.patience === undefined ? attempts : MOST_ATTEMPTS;
    const pauses = [...PAUSES_MS];
    for (let attempt = 1; ; attempt++) {
      const answer = await authorised(request);
      const failed = failureIn(answer, request);
      if (failed === null) return answer;
      const { error, said } = failed;
      // Refused for the pace is refused before anything was done.
      const paced = error.kind === Kind.RetryAfter && request.repeatable !== false;
      if (paced || (statuses.includes(answer.status) && repeatable)) {
        const first = firstPauseMs ?? hints.unstatedWaitMs ?? UNSTATED_WAIT_MS;
        const pause = failed.waitMs ?? Math.min(first * 2 ** (attempt - 1), LONGEST_WAIT_MS);
        const goesOn = attempt < most && pause <= longestWaitMs && pause <= patience.leftMs;
        // Limits that are kept to hold for whoever asks next as well.
        if (goesOn || options.pace) for (const [pacer, part] of pacersOf(request)) pacer.pause(pause, part);
        if (!goesOn) throw error;
        patience.leftMs -= pause;
        continue;
      }
      const pause = repeatable && (hints.passing?.(error, said) ?? mayPass(error, said)) ? pauses.shift() : undefined;
      if (pause === undefined) throw error;
      await sleep(pause);
    }
  };

  /** The error of an answer, null when it is none; `waitMs` is what the vendor asks for, as far as it says. */
  const failureIn = (
    answer: HttpAnswer,
    request: HttpRequest,
  ): { error: ProviderError; said: string; waitMs: number | null } | null => {
    if (request.expect?.includes(answer.status)) return null;
    if (answer.status >= 200 && answer.status < 300) {
      const error = hints.inside?.(answer, request) ?? null;
      return error && { error, said: error.message, waitMs: null };
    }
    const stated = waitOf(answer.headers, clock(), hints.waitHeaders);
    const unstated = stated === null ? hints.unstatedWait?.(answer, request) : undefined;
    const own = unstated === undefined ? hints : { ...hints, unstatedWaitMs: unstated };
    const error = failureOf(own, answer, { ...request, now: clock() });
    return { error, said: refusedOf(hints, answer, request).said, waitMs: stated ?? unstated ?? null };
  };

  const bounded = (request: HttpRequest) => (limit === null ? send(request) : limit(() => send(request)));
  return {
    send: bounded,
    json: async (request) => readBody(await bounded(request), { provider, operation: request.operation, field }),
  };
}

function addressOf(base: string, { path, query, operation }: HttpRequest, provider: string): URL {
  const url = /^[a-z][a-z\d+.-]*:/i.test(path) ? within(base, path, { provider, operation }) : new URL(base + path);
  // What the path leads to must be what it says: `..` in an id would be another resource, or another host.
  within(base, url.href, { provider, operation });
  for (const [name, value] of query instanceof URLSearchParams ? query : Object.entries(query ?? {}))
    url.searchParams.append(name, value);
  return url;
}
