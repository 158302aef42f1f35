import { z } from 'zod';
import { ProviderErrorKind as Kind, ProviderError } from '../../ports/errors.ts';
import { type HttpAnswer, waitOf } from './http.ts';

export const VENDOR = 'azure-auth';
export const OPERATION = 'oauth2/v2.0/token';
const DEFAULT_RETRY_MS = 10_000;
const MAX_RETRY_MS = 15 * 60_000;

/** Reasons of the token endpoint that a person can mend, by AADSTS number. */
const FIXES: Readonly<Record<number, string>> = {
  7000215: 'the client secret is wrong; store the secret’s value, not its id',
  7000222: 'the client secret has expired; create a new one and store it',
  700016: 'the application is not in this tenant; check clientId and tenantId',
  90002: 'the tenant was not found; check tenantId',
  900023: 'tenantId is no tenant id or domain',
  70011: 'the scope is not known to this tenant',
  500011: 'the resource of the scope is not in this tenant',
};

const Refusal = z.object({
  error: z.string().catch('unknown'),
  error_codes: z.array(z.number()).catch([]),
});

export function authError(kind: ProviderError['kind'], message: string, more: { status?: number } = {}): ProviderError {
  return new ProviderError({ kind, provider: VENDOR, operation: OPERATION, message, ...more });
}

/** What a status other than 200 means. The description is left out: it repeats ids and sometimes the request. */
export function refusalOf(answer: HttpAnswer, now: number): ProviderError {
  const { status } = answer;
  if (status === 429)
    return new ProviderError({
      kind: Kind.RetryAfter,
      provider: VENDOR,
      operation: OPERATION,
      status,
      message: 'HTTP 429: too many token requests',
      retryAfterMs: Math.min(waitOf(answer.headers.get('retry-after'), now) ?? DEFAULT_RETRY_MS, MAX_RETRY_MS),
    });
  if (status >= 500) return authError(Kind.Unavailable, `HTTP ${status} from the token endpoint`, { status });
  const { error, error_codes } = bodyOf(answer.text);
  const known = error_codes.find((code) => FIXES[code] !== undefined);
  const numbers = error_codes.length > 0 ? ` (AADSTS${error_codes.join(', AADSTS')})` : '';
  const fix = known === undefined ? 'check tenantId, clientId and clientSecret' : FIXES[known];
  const kind = status === 404 ? Kind.Terminal : Kind.Unauthorised;
  return authError(kind, `HTTP ${status}, ${error.slice(0, 60)}${numbers}: ${fix}`, { status });
}

function bodyOf(text: string): z.infer<typeof Refusal> {
  try {
    return Refusal.parse(JSON.parse(text));
  } catch {
    return { error: 'no reason given', error_codes: [] };
  }
}
