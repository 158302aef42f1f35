import { z } from 'zod';
import { ProviderErrorKind as Kind, ProviderError } from '../../ports/errors.ts';
import type { VendorHints } from '../http/failure.ts';

export const VENDOR = 'google-auth';
export const OPERATION = 'token';

const Refusal = z.object({ error: z.string() });

export function authError(kind: ProviderError['kind'], message: string): ProviderError {
  return new ProviderError({ kind, provider: VENDOR, operation: OPERATION, message });
}

/** What the token endpoint does its own way. The description is left out: it may repeat the assertion. */
export const HINTS: VendorHints = {
  provider: VENDOR,
  said: (body) => Refusal.safeParse(body).data?.error.slice(0, 60) ?? null,
  kind: ({ status }) => (status >= 400 && status < 429 && status !== 408 ? Kind.Unauthorised : null),
  fix({ status, said }) {
    if (status === 429) return 'too many token requests';
    if (status < 400) return 'that is no token endpoint';
    if (said === 'invalid_grant')
      return 'the key was not accepted: it may be deleted or disabled, or this machine’s clock is wrong';
    return status < 500 ? 'check the service account and its key' : null;
  },
};

/** A key, and an account, that was made a moment ago is not known everywhere yet. */
export function isPassing(error: ProviderError, said: string): boolean {
  const { status } = error;
  return status === 404 || status === 409 || (status === 400 && (said === '' || said === 'invalid_grant'));
}
