import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import type { ZodType } from 'zod';
import { ProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { safeBase } from '../../http/address.ts';
import { boundedFetch, type Fetch } from '../../http/exchange.ts';
import { UNSTATED_WAIT_MS } from '../../http/failure.ts';
import { waitOf } from '../../http/wait.ts';

const MAX_BYTES = 10_000_000;

export interface SlackClientOptions {
  /** With or without the trailing slash. */
  readonly apiUrl: string;
  readonly token: string;
  readonly timeoutMs: number;
  /** Attempts after the first. Zero for writes: a repeated post is a second message. */
  readonly retries: number;
}

/** A Web API client that gives up early and never leaves the configured host: the workflow engine does the waiting. */
export function createSlackClient(options: SlackClientOptions): WebClient {
  return new WebClient(options.token, {
    slackApiUrl: `${safeBase(options.apiUrl, { provider: 'slack', field: 'slack.apiUrl' })}/`,
    timeout: options.timeoutMs,
    fetch: readingWaits(boundedFetch({ timeoutMs: options.timeoutMs, maxBytes: MAX_BYTES })),
    retryConfig: { retries: options.retries, minTimeout: 200, maxTimeout: 2000 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logLevel: LogLevel.ERROR,
  });
}

/** The client takes a wait in whole seconds only: whatever else the header says is put into them by the one reader of it. */
function readingWaits(send: Fetch): Fetch {
  return async (input, init) => {
    const response = await send(input, init);
    if (response.status !== 429) return response;
    const wait = waitOf(response.headers, Date.now()) ?? UNSTATED_WAIT_MS;
    const headers = new Headers(response.headers);
    headers.set('retry-after', String(Math.ceil(wait / 1000)));
    return new Response(await response.text(), { status: 429, headers });
  };
}

/**
 * Runs one call and parses its answer.
 * @throws ProviderError of the kind the caller needs: retry, give up, treat as absent, fix the credentials.
 */
export async function slackCall<T>(operation: string, shape: ZodType<T>, call: () => Promise<unknown>): Promise<T> {
  let answer: unknown;
  try {
    answer = await call();
  } catch (error) {
    throw toProviderError(operation, error);
  }
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ProviderError({
    kind: 'malformed',
    provider: 'slack',
    operation,
    message: `the answer's "${issue?.path.join('.') ?? ''}" ${issue?.message ?? 'is wrong'}; check that slack.apiUrl is Slack's Web API`,
  });
}

const KINDS: Readonly<Record<string, ProviderErrorKind>> = {
  not_authed: 'unauthorised',
  invalid_auth: 'unauthorised',
  account_inactive: 'unauthorised',
  token_revoked: 'unauthorised',
  token_expired: 'unauthorised',
  missing_scope: 'unauthorised',
  not_in_channel: 'unauthorised',
  users_not_found: 'not-found',
  user_not_found: 'not-found',
  message_not_found: 'not-found',
  thread_not_found: 'not-found',
  ratelimited: 'retry-after',
  rate_limited: 'retry-after',
  internal_error: 'unavailable',
  fatal_error: 'unavailable',
  service_unavailable: 'unavailable',
  request_timeout: 'unavailable',
};

const FIXES: Readonly<Record<string, string>> = {
  invalid_auth: 'check slack.botToken',
  not_authed: 'check slack.botToken',
  missing_scope: 'add the scope to the Slack app and reinstall it',
  not_in_channel: 'invite the app to slack.channel',
  channel_not_found: 'slack.channel must be a channel id the app can see',
};

export function toProviderError(operation: string, error: unknown): ProviderError {
  const base = { provider: 'slack', operation, cause: error };
  if (error instanceof ProviderError) return error;
  if (error instanceof WebAPIRateLimitedError)
    return new ProviderError({
      ...base,
      kind: 'retry-after',
      message: `rate limited for ${error.retryAfter} s`,
      retryAfterMs: error.retryAfter * 1000,
      status: 429,
    });
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    const needed = (error.data as { needed?: unknown }).needed;
    const detail = error.data.response_metadata?.messages?.join('; ');
    const fix = FIXES[code];
    // WebClient takes an answer that is no JSON, such as a proxy's page, for an error code.
    if (!/^[a-z0-9_]{1,80}$/.test(code))
      return new ProviderError({ ...base, kind: 'unavailable', message: 'the answer was not JSON' });
    return new ProviderError({
      ...base,
      kind: KINDS[code] ?? 'terminal',
      message: [code, typeof needed === 'string' ? `needs ${needed}` : '', detail, fix].filter(Boolean).join(': '),
    });
  }
  if (error instanceof WebAPIHTTPError)
    return new ProviderError({
      ...base,
      kind: error.statusCode >= 500 || error.statusCode === 429 ? 'unavailable' : 'terminal',
      message: `HTTP ${error.statusCode}`,
      status: error.statusCode,
    });
  const reason = error instanceof WebAPIRequestError ? error.original.message : (error as Error).message;
  // Whatever else went wrong on the way (reset, time-out, HTML instead of JSON) may be different next time.
  return new ProviderError({ ...base, kind: 'unavailable', message: reason });
}

/** Slack's error code, when that is why the call failed. */
export function slackErrorCode(error: unknown): string | null {
  const cause = error instanceof ProviderError ? error.cause : error;
  return cause instanceof WebAPIPlatformError ? cause.data.error : null;
}
