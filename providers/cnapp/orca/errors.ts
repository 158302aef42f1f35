import {
  ProviderErrorKind as Kind,
  ProviderError,
  type ProviderErrorKind,
  type ProviderErrorOptions,
} from '../../../ports/errors.ts';
import type { VendorHints } from '../../http/failure.ts';

export const VENDOR = 'orca';
export const DEFAULT_RETRY_MS = 5_000;

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

/** What Orca does its own way. */
export const HINTS: VendorHints = {
  provider: VENDOR,
  unstatedWaitMs: DEFAULT_RETRY_MS,
  said: (body) => textOf(body),
  fix({ status, needs }) {
    if (status === 401) return 'the token is not valid any more; make a new one and set cnapp.orca.apiToken';
    if (status === 403) return `the token must be allowed to ${needs}`;
    if (status === 429) return 'too many requests; lower cnapp.orca.maxConcurrent';
    return status >= 400 && status < 500 && status !== 404 ? 'the request was not accepted; check cnapp.orca' : null;
  },
  make: (options, { said, body }) => new Refusal({ ...options, text: said, body }),
};

/** The error inside an answer with status 200, or null when there is none. The vendor gives words only, no codes. */
export function bodyFailure(request: { operation: string; needs?: string }, body: unknown): Refusal | null {
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

function textOf(body: unknown): string {
  const record = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  for (const name of ['error', 'message', 'errors', 'detail']) {
    const value = record[name];
    if (value === undefined || value === null || value === '') continue;
    return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300);
  }
  return '';
}
