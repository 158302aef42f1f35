import {
  ProviderErrorKind as Kind,
  ProviderError,
  type ProviderErrorKind,
  type ProviderErrorOptions,
} from '../../../ports/errors.ts';

export const VENDOR = 'wiz';
const DEFAULT_RETRY_MS = 5_000;
const MAX_RETRY_MS = 15 * 60_000;

export function failure(operation: string, kind: ProviderErrorKind, message: string): ProviderError {
  return failureWith({ operation, kind, message });
}

/** The same with status, waiting time or cause. */
export function failureWith(options: Omit<ProviderErrorOptions, 'provider'>): ProviderError {
  return new ProviderError({ provider: VENDOR, ...options });
}

/** The error for a status other than 200. 401 is handled by the caller, who may renew the token once. */
export function httpFailure(operation: string, response: Response): ProviderError {
  const status = response.status;
  const base = { operation, status };
  if (status === 401 || status === 403)
    return failureWith({
      ...base,
      kind: Kind.Unauthorised,
      message: `HTTP ${status}: the service account was refused; check cnapp.wiz.clientId, clientSecret and the scopes it was given`,
    });
  if (status === 429)
    return failureWith({
      ...base,
      kind: Kind.RetryAfter,
      message: 'HTTP 429: too many requests; lower cnapp.wiz.maxConcurrent',
      retryAfterMs: retryAfter(response.headers.get('retry-after')),
    });
  if (status >= 500) return failureWith({ ...base, kind: Kind.Unavailable, message: `HTTP ${status}` });
  const message = `HTTP ${status}: the request was not accepted; check cnapp.wiz.apiUrl`;
  return failureWith({ ...base, kind: Kind.Terminal, message });
}

/** Seconds or an HTTP date, bounded so that a strange header cannot park the work for days. */
export function retryAfter(header: string | null, now = Date.now()): number {
  if (header === null) return DEFAULT_RETRY_MS;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_MS) : DEFAULT_RETRY_MS;
}

/** The kind of an error that came inside HTTP 200. The vendor does not publish its codes, so they are matched by sense. */
export function graphqlKind(code: string): ProviderErrorKind {
  if (/NOT_?FOUND/i.test(code)) return Kind.NotFound;
  if (/UNAUTH|FORBIDDEN|ACCESS_DENIED|PERMISSION/i.test(code)) return Kind.Unauthorised;
  if (/RATE|THROTTL|TOO_MANY/i.test(code)) return Kind.RetryAfter;
  if (/VALIDATION|BAD_USER_INPUT|BAD_REQUEST|PARSE|INVALID/i.test(code)) return Kind.Terminal;
  return Kind.Unavailable;
}

export { DEFAULT_RETRY_MS };
