import { ProviderErrorKind as Kind, ProviderError } from '../../ports/errors.ts';

export interface JsonRequest {
  readonly provider: string;
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** What to mend when the answer is 401 or 403. */
  readonly permission: string;
}

export interface JsonAnswer {
  readonly status: number;
  /** Null for an empty body. */
  readonly body: unknown;
}

const DEFAULT_RETRY_MS = 30_000;

/** One request, with every status sorted into the kinds the core knows. Throws ProviderError. */
export async function requestJson(request: JsonRequest): Promise<JsonAnswer> {
  const { provider, operation, method, url, headers, body, timeoutMs } = request;
  const failure = (
    kind: (typeof Kind)[keyof typeof Kind],
    message: string,
    more: { status?: number; retryAfterMs?: number } = {},
  ) => new ProviderError({ kind, provider, operation, message, ...more });
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new ProviderError({
      kind: Kind.Unavailable,
      provider,
      operation,
      message: `no answer from ${new URL(url).host}: ${(error as Error).name}`,
      cause: error,
    });
  }
  const text = await answer.text().catch(() => '');
  const { status } = answer;
  const limited = status === 429 || (status === 403 && answer.headers.get('x-ratelimit-remaining') === '0');
  if (limited)
    throw failure(Kind.RetryAfter, `HTTP ${status}: rate limited`, { status, retryAfterMs: waitOf(answer.headers) });
  if (status === 401 || status === 403)
    throw failure(Kind.Unauthorised, `HTTP ${status}: ${request.permission}`, { status });
  if (status === 404)
    throw failure(Kind.NotFound, `HTTP 404: ${new URL(url).pathname} is not there, or the token may not see it`, {
      status,
    });
  if (status >= 500) throw failure(Kind.Unavailable, `HTTP ${status}`, { status });
  if (status >= 400) throw failure(Kind.Terminal, `HTTP ${status}: ${text.slice(0, 200)}`, { status });
  if (text === '') return { status, body: null };
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    throw failure(Kind.Malformed, 'the answer is not JSON; a proxy may be answering', { status });
  }
}

function waitOf(headers: Headers): number {
  const after = Number(headers.get('retry-after'));
  if (Number.isFinite(after) && after > 0) return after * 1000;
  const reset = Number(headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset'));
  return Number.isFinite(reset) && reset > 0 ? Math.max(1000, reset * 1000 - Date.now()) : DEFAULT_RETRY_MS;
}
