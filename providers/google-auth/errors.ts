import { z } from 'zod';
import { ProviderErrorKind as Kind, ProviderError } from '../../ports/errors.ts';

export const VENDOR = 'google-auth';
const DEFAULT_RETRY_MS = 10_000;
const MAX_RETRY_MS = 15 * 60_000;

const Refusal = z.object({ error: z.string().catch('no reason given') });

export function authError(
  kind: ProviderError['kind'],
  message: string,
  more: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
): ProviderError {
  return new ProviderError({ kind, provider: VENDOR, operation: 'token', message, ...more });
}

/** What a status other than 200 of the token endpoint means. The description is left out: it may repeat the assertion. */
export function refusalOf(status: number, text: string, retryAfter: string | null): ProviderError {
  if (status === 429) {
    const seconds = Number(retryAfter ?? Number.NaN);
    const asked = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : DEFAULT_RETRY_MS;
    const retryAfterMs = Math.min(asked, MAX_RETRY_MS);
    return authError(Kind.RetryAfter, 'HTTP 429: too many token requests', { status, retryAfterMs });
  }
  if (status >= 500) return authError(Kind.Unavailable, `HTTP ${status} from the token endpoint`, { status });
  if (status < 400) return authError(Kind.Terminal, `HTTP ${status}: that is no token endpoint`, { status });
  const reason = reasonOf(text).slice(0, 60);
  const fix =
    reason === 'invalid_grant'
      ? 'the key was not accepted: it may be deleted or disabled, or this machine’s clock is wrong'
      : 'check the service account and its key';
  return authError(Kind.Unauthorised, `HTTP ${status}, ${reason}: ${fix}`, { status });
}

function reasonOf(text: string): string {
  try {
    return Refusal.parse(JSON.parse(text)).error;
  } catch {
    return 'no reason given';
  }
}
