import { ProviderError, ProviderErrorKind } from '../../ports/errors.ts';

const PROVIDER = 'servicenow';
const DEFAULT_RETRY_MS = 30_000;
const MAX_RETRY_MS = 3_600_000;

/** A ServiceNow failure of the given kind. `message` must hold no secret. */
export function serviceNowError(
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
  const fail = (kind: ProviderErrorKind, message: string) => serviceNowError(kind, operation, { message, status });
  if (status === 429)
    return serviceNowError(ProviderErrorKind.RetryAfter, operation, {
      status,
      message: 'rate limited; the limit is set in sys_rate_limit_rules',
      retryAfterMs: retryAfterMs(answer.headers.get('retry-after')),
    });
  if (status === 401)
    return fail(ProviderErrorKind.Unauthorised, 'credentials refused; check servicenow.grant and its secrets');
  if (status === 403)
    return fail(ProviderErrorKind.Unauthorised, `forbidden (${said}); give the integration account the role it needs`);
  if (status === 404) return fail(ProviderErrorKind.NotFound, `no such record, or hidden by an ACL (${said})`);
  if (status >= 500) return fail(ProviderErrorKind.Unavailable, `answered ${status}`);
  if (status >= 300 && status < 400)
    return fail(ProviderErrorKind.Terminal, 'answered with a redirect, which is not followed; check instanceUrl');
  return fail(ProviderErrorKind.Terminal, `refused with ${status} (${said})`);
}

/** The vendor's own words, capped: they may echo text that came from outside. */
function vendorMessage(text: string): string {
  try {
    const parsed = JSON.parse(text) as { error?: { message?: unknown } | string };
    const message = typeof parsed.error === 'object' ? parsed.error?.message : parsed.error;
    if (typeof message === 'string') return message.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 200);
  } catch {
    // An HTML error page carries nothing worth repeating.
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
