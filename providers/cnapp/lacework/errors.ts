import {
  ProviderErrorKind as Kind,
  ProviderError,
  type ProviderErrorKind,
  type ProviderErrorOptions,
} from '../../../ports/errors.ts';

export const VENDOR = 'lacework';
const MAX_RETRY_MS = 2 * 3_600_000;

export function failure(operation: string, kind: ProviderErrorKind, message: string): ProviderError {
  return failureWith({ operation, kind, message });
}

/** The same with status, waiting time or cause. */
export function failureWith(options: Omit<ProviderErrorOptions, 'provider'>): ProviderError {
  return new ProviderError({ provider: VENDOR, ...options });
}

/** What a refused request was about: `permission` is what the key's role has to allow. */
export interface Refused {
  readonly operation: string;
  readonly permission: string;
  readonly status: number;
  /** What the vendor said, already cut short. */
  readonly message: string;
  /** Only looked at for 429. */
  readonly retryAfterMs: number;
}

/** The error for a status other than 2xx. 401 is handled by the caller, who may renew the token once. */
export function httpFailure({ operation, permission, status, message, retryAfterMs }: Refused): ProviderError {
  const said = message === '' ? '' : ` (${message})`;
  const fail = (kind: ProviderErrorKind, text: string) =>
    failureWith({ operation, kind, status, message: `HTTP ${status}${said}: ${text}` });
  switch (true) {
    case status === 401:
      return fail(Kind.Unauthorised, 'the token was refused; check cnapp.lacework.keyId and secret');
    // The API answers unknown paths with 403 too, and says so in words.
    case status === 403 && /unrecognized url/i.test(message):
      return fail(Kind.Terminal, 'the path is unknown there; check cnapp.lacework.apiUrl');
    case status === 403:
      return fail(Kind.Unauthorised, `the role of the API key may not ${permission}; allow it, or check subAccount`);
    case status === 404:
      return fail(Kind.NotFound, 'there is no such thing');
    case status === 429:
      return failureWith({
        operation,
        kind: Kind.RetryAfter,
        status,
        message: `HTTP 429${said}: too many requests in this hour; lower cnapp.lacework.requestsPerHour`,
        retryAfterMs,
      });
    case status >= 500:
      return fail(Kind.Unavailable, 'the vendor failed');
    default:
      return fail(Kind.Terminal, 'the request was not accepted; check cnapp.lacework.names');
  }
}

/** Milliseconds until requests are taken again, from `Retry-After` or the reset header; null when neither says so. */
export function waitFrom(headers: Headers, resetHeader: string, now: number): number | null {
  const stated = headers.get('retry-after') ?? headers.get(resetHeader);
  if (stated === null) return null;
  const ms = inMilliseconds(stated.trim(), now);
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 1000), MAX_RETRY_MS) : null;
}

/** Seconds from now, seconds since 1970, or an HTTP date: all three are in use for reset headers. */
function inMilliseconds(text: string, now: number): number {
  if (!/^\d+(\.\d+)?$/.test(text)) return Date.parse(text) - now;
  const seconds = Number(text);
  return seconds > 1_000_000_000 ? seconds * 1000 - now : seconds * 1000;
}
