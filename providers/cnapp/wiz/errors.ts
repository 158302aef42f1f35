import { z } from 'zod';
import {
  ProviderErrorKind as Kind,
  ProviderError,
  type ProviderErrorKind,
  type ProviderErrorOptions,
} from '../../../ports/errors.ts';
import type { VendorHints } from '../../http/failure.ts';

export const VENDOR = 'wiz';
export const DEFAULT_RETRY_MS = 5_000;

export function failure(operation: string, kind: ProviderErrorKind, message: string): ProviderError {
  return failureWith({ operation, kind, message });
}

/** The same with status, waiting time or cause. */
export function failureWith(options: Omit<ProviderErrorOptions, 'provider'>): ProviderError {
  return new ProviderError({ provider: VENDOR, ...options });
}

/** A refusal of the GraphQL gateway, or of the token endpoint. */
const Said = z.union([
  z.object({ errors: z.array(z.object({ message: z.string() })).min(1) }).transform((body) => body.errors[0]?.message),
  z.object({ error: z.string() }).transform((body) => body.error),
]);

export const TOKEN_OPERATION = 'oauth/token';

/** What Wiz does its own way. A refused client comes back from the token endpoint as 400 as well. */
export const HINTS: VendorHints = {
  provider: VENDOR,
  unstatedWaitMs: DEFAULT_RETRY_MS,
  said: (body) => Said.safeParse(body).data ?? null,
  kind: ({ operation, status }) => (operation === TOKEN_OPERATION && status === 400 ? Kind.Unauthorised : null),
  fix({ operation, status }) {
    if (operation === TOKEN_OPERATION && status === 400)
      return 'the token request was refused; check cnapp.wiz.audience, clientId, clientSecret and tokenUrl';
    if (status === 401 || status === 403)
      return 'the service account was refused; check cnapp.wiz.clientId, clientSecret and the scopes it was given';
    if (status === 429) return 'too many requests; lower cnapp.wiz.maxConcurrent';
    return status < 500 ? 'the request was not accepted; check cnapp.wiz.apiUrl' : null;
  },
};

/** The kind of an error that came inside HTTP 200. The vendor does not publish its codes, so they are matched by sense. */
export function graphqlKind(code: string): ProviderErrorKind {
  if (/NOT_?FOUND/i.test(code)) return Kind.NotFound;
  if (/UNAUTH|FORBIDDEN|ACCESS_DENIED|PERMISSION/i.test(code)) return Kind.Unauthorised;
  if (/RATE|THROTTL|TOO_MANY/i.test(code)) return Kind.RetryAfter;
  if (/VALIDATION|BAD_USER_INPUT|BAD_REQUEST|PARSE|INVALID/i.test(code)) return Kind.Terminal;
  return Kind.Unavailable;
}
