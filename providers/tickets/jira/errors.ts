import { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';

const PROVIDER = 'jira';
const DEFAULT_RETRY_MS = 30_000;
const MAX_RETRY_MS = 3_600_000;

/** A Jira failure of the given kind. `message` must hold no secret. */
export function jiraError(
  kind: ProviderErrorKind,
  operation: string,
  detail: { message: string; status?: number; retryAfterMs?: number; cause?: unknown },
): ProviderError {
  return new ProviderError({ kind, provider: PROVIDER, operation, ...detail });
}

/** What an HTTP status means to the caller. Only called for answers outside 2xx. */
export function errorFromAnswer(operation: string, answer: { status: number; headers: Headers; text: string }) {
  const { status } = answer;
  const said = vendorMessage(answer.text);
  const fail = (kind: ProviderErrorKind, message: string) => jiraError(kind, operation, { message, status });
  const retryAfter = answer.headers.get('retry-after');
  if (status === 429 || (status === 503 && retryAfter !== null))
    return jiraError(ProviderErrorKind.RetryAfter, operation, {
      status,
      message: `rate limited (${answer.headers.get('ratelimit-reason')?.slice(0, 80) ?? 'no reason given'})`,
      retryAfterMs: retryAfterMs(retryAfter),
    });
  if (status === 401)
    return fail(ProviderErrorKind.Unauthorised, 'credentials refused; check tickets.jira.email and apiToken');
  if (status === 403)
    return fail(ProviderErrorKind.Unauthorised, `forbidden (${said}); give the integration account this permission`);
  if (status === 404) return fail(ProviderErrorKind.NotFound, `not there, or not visible to us (${said})`);
  if (status >= 500) return fail(ProviderErrorKind.Unavailable, `answered ${status}`);
  if (status >= 300 && status < 400)
    return fail(
      ProviderErrorKind.Terminal,
      'answered with a redirect, which is not followed; check tickets.jira.siteUrl',
    );
  return fail(ProviderErrorKind.Terminal, `refused with ${status} (${said})`);
}

const Envelope = z.object({
  errorMessages: z.array(z.string()).catch([]),
  errors: z.record(z.string(), z.string()).catch({}),
  /** The service desk's own envelope. */
  errorMessage: z.string().optional().catch(undefined),
});

/** The vendor's own words, field by field, capped: they may echo text that came from outside. */
function vendorMessage(text: string): string {
  try {
    const { errorMessages, errors, errorMessage } = Envelope.parse(JSON.parse(text));
    const fields = Object.entries(errors).map(([field, message]) => `${field}: ${message}`);
    const said = [...errorMessages, ...(errorMessage ? [errorMessage] : []), ...fields].join('; ');
    if (said !== '') return said.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 300);
  } catch {
    // An HTML error page or an empty body carries nothing worth repeating.
  }
  return 'no message';
}

function retryAfterMs(header: string | null): number {
  const seconds = Number(header);
  if (header === null || !Number.isFinite(seconds) || seconds < 0) return DEFAULT_RETRY_MS;
  return Math.min(seconds * 1000, MAX_RETRY_MS);
}

/** True when a write may have taken effect although we did not learn of it: look before doing it again. */
export function isUncertain(error: unknown): boolean {
  return (
    error instanceof ProviderError &&
    (error.kind === ProviderErrorKind.Unavailable || error.kind === ProviderErrorKind.Malformed)
  );
}
