import {
  ProviderErrorKind as Kind,
  ProviderError,
  type ProviderErrorKind,
  type ProviderErrorOptions,
} from '../../../ports/errors.ts';

export const VENDOR = 'orca';
export const DEFAULT_RETRY_MS = 5_000;
const MAX_RETRY_MS = 15 * 60_000;

export function failure(operation: string, kind: ProviderErrorKind, message: string): ProviderError {
  return failureWith({ operation, kind, message });
}

/** The same with status, waiting time or cause. */
export function failureWith(options: Omit<ProviderErrorOptions, 'provider'>): ProviderError {
  return new ProviderError({ provider: VENDOR, ...options });
}

/** The vendor said no. What it said is kept: an unknown name or a scan that runs already is read out of it. */
export class Refusal extends ProviderError {
  /** The vendor's words, shortened; empty when it gave none. */
  readonly text: string;
  readonly body: unknown;

  constructor(options: Omit<ProviderErrorOptions, 'provider'> & { text: string; body: unknown }) {
    super({ provider: VENDOR, ...options });
    this.text = options.text;
    this.body = options.body;
  }
}

/** The error for a status outside 2xx. `needs` is the right the token must have, in words. */
export function httpFailure(request: { operation: string; needs: string }, response: Response, body: unknown): Refusal {
  const { operation, needs } = request;
  const { status } = response;
  const text = textOf(body);
  const said = text === '' ? '' : ` ("${text}")`;
  const refusal = (kind: ProviderErrorKind, message: string, retryAfterMs?: number) =>
    new Refusal({
      operation,
      kind,
      status,
      text,
      body,
      message: `HTTP ${status}: ${message}${said}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  if (status === 401)
    return refusal(Kind.Unauthorised, 'the token is not valid any more; make a new one and set cnapp.orca.apiToken');
  if (status === 403) return refusal(Kind.Unauthorised, `the token must be allowed to ${needs}`);
  if (status === 404) return refusal(Kind.NotFound, 'not there');
  if (status === 429)
    return refusal(
      Kind.RetryAfter,
      'too many requests; lower cnapp.orca.maxConcurrent',
      retryAfter(response.headers.get('retry-after')) ?? DEFAULT_RETRY_MS,
    );
  if (status === 408 || status >= 500) return refusal(Kind.Unavailable, 'the vendor cannot answer now');
  return refusal(Kind.Terminal, 'the request was not accepted; check cnapp.orca');
}

/** The error inside an answer with status 200, or null when there is none. The vendor gives words only, no codes. */
export function bodyFailure(request: { operation: string; needs: string }, body: unknown): Refusal | null {
  const record = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const failed = record['status'] === 'failure' || record['status'] === 'error';
  const text = textOf(body);
  if (!failed && (typeof record['error'] !== 'string' || record['error'] === '')) return null;
  const kind = kindOf(text);
  const hint = kind === Kind.Unauthorised ? `; the token must be valid and allowed to ${request.needs}` : '';
  return new Refusal({
    operation: request.operation,
    kind,
    text,
    body,
    message: `the vendor answered with an error: "${text || 'no reason given'}"${hint}`,
    ...(kind === Kind.RetryAfter ? { retryAfterMs: DEFAULT_RETRY_MS } : {}),
  });
}

function kindOf(text: string): ProviderErrorKind {
  if (/unknown (field|model)/i.test(text)) return Kind.Terminal;
  if (/not found|does(n't| not) exist|no such/i.test(text)) return Kind.NotFound;
  if (/unauthori|forbidden|permission|credential|token/i.test(text)) return Kind.Unauthorised;
  if (/rate limit|too many|throttl/i.test(text)) return Kind.RetryAfter;
  if (/unknown|invalid|unsupported|not supported|bad request|already/i.test(text)) return Kind.Terminal;
  return Kind.Unavailable;
}

/** Milliseconds from seconds or an HTTP date, bounded so that a strange header cannot park the work for days; null: none. */
export function retryAfter(header: string | null, now = Date.now()): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_MS) : null;
}

function textOf(body: unknown): string {
  const record = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  for (const name of ['error', 'message', 'errors', 'detail']) {
    const value = record[name];
    if (value === undefined || value === null || value === '') continue;
    return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300);
  }
  return '';
}
