import { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { VendorHints } from '../../http/failure.ts';

const PROVIDER = 'jira';

/** A Jira failure of the given kind. `message` must hold no secret. */
export function jiraError(
  kind: ProviderErrorKind,
  operation: string,
  detail: { message: string; status?: number; retryAfterMs?: number; cause?: unknown },
): ProviderError {
  return new ProviderError({ kind, provider: PROVIDER, operation, ...detail });
}

const Envelope = z.object({
  errorMessages: z.array(z.string()).catch([]),
  errors: z.record(z.string(), z.string()).catch({}),
  /** The service desk's own envelope. */
  errorMessage: z.string().optional().catch(undefined),
});

/** What Jira does its own way. Its words come field by field; they may echo text that came from outside. */
export const HINTS: VendorHints = {
  provider: PROVIDER,
  unstatedWaitMs: 30_000,
  // https://developer.atlassian.com/cloud/jira/platform/rate-limiting/: an ISO 8601 moment.
  waitHeaders: { names: ['x-ratelimit-reset'] },
  said(body, { status, headers }) {
    if (status === 429 || status === 503) return headers.get('ratelimit-reason')?.slice(0, 80) ?? null;
    const { errorMessages, errors, errorMessage } = Envelope.safeParse(body).data ?? { errorMessages: [], errors: {} };
    const fields = Object.entries(errors).map(([field, message]) => `${field}: ${message}`);
    return [...errorMessages, ...(errorMessage ? [errorMessage] : []), ...fields].join('; ');
  },
  fix({ status }) {
    if (status === 429) return 'rate limited';
    if (status === 401) return 'credentials refused; check tickets.jira.email and apiToken';
    if (status === 403) return 'forbidden; give the integration account this permission';
    if (status >= 300 && status < 400) return 'a redirect, which is not followed; check tickets.jira.siteUrl';
    return null;
  },
};

/** True when a write may have taken effect although we did not learn of it: look before doing it again. */
export function isUncertain(error: unknown): boolean {
  return (
    error instanceof ProviderError &&
    (error.kind === ProviderErrorKind.Unavailable || error.kind === ProviderErrorKind.Malformed)
  );
}
