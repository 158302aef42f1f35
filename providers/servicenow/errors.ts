import { z } from 'zod';
import { ProviderErrorKind as Kind, ProviderError, type ProviderErrorKind } from '../../ports/errors.ts';
import type { VendorHints } from '../http/failure.ts';

const PROVIDER = 'servicenow';
export const TOKEN_OPERATION = 'authenticate';

/** A ServiceNow failure of the given kind. `message` must hold no secret. */
export function serviceNowError(
  kind: ProviderErrorKind,
  operation: string,
  detail: { message: string; status?: number; retryAfterMs?: number; cause?: unknown },
): ProviderError {
  return new ProviderError({ kind, provider: PROVIDER, operation, ...detail });
}

const Said = z.object({ error: z.union([z.string(), z.object({ message: z.string() }).transform((e) => e.message)]) });

/** What ServiceNow does its own way. */
export const HINTS: VendorHints = {
  provider: PROVIDER,
  unstatedWaitMs: 30_000,
  // Its own limits end at a moment given in seconds since 1970.
  waitHeaders: { names: ['x-ratelimit-reset'] },
  said: (body) => Said.safeParse(body).data?.error.slice(0, 200) ?? null,
  // A refused client or user comes back from the token endpoint as 400 or 401 alike; neither is worth a retry.
  kind: ({ operation, status }) => (operation === TOKEN_OPERATION && status === 400 ? Kind.Unauthorised : null),
  fix({ operation, status }) {
    if (status === 401 || (operation === TOKEN_OPERATION && status === 400))
      return 'credentials refused; check servicenow.grant and its secrets';
    if (status === 429) return 'rate limited; the limit is set in sys_rate_limit_rules';
    if (status === 403) return 'forbidden; give the integration account the role it needs';
    if (status === 404) return 'no such record, or hidden by an ACL';
    if (status >= 300 && status < 400) return 'a redirect, which is not followed; check servicenow.instanceUrl';
    return null;
  },
};

/** True when a write may have taken effect although we did not learn of it: look before doing it again. */
export function isUncertain(error: unknown): boolean {
  return error instanceof ProviderError && (error.kind === Kind.Unavailable || error.kind === Kind.Malformed);
}
