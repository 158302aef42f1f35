import { z } from 'zod';
import type { HttpAnswer } from '../../azure-auth/http.ts';
import { waitOf } from '../../azure-auth/http.ts';
import { ProviderErrorKind as Kind, ProviderError, type ProviderErrorOptions } from '../../../ports/errors.ts';

export const VENDOR = 'azure-cost-management';
const LIMIT_PREFIX = 'x-ms-ratelimit-microsoft.costmanagement-';
const DEFAULT_RETRY_MS = 30_000;
const MAX_RETRY_MS = 60 * 60_000;

const ArmBody = z.object({
  error: z.object({ code: z.string().catch('no code'), message: z.string().catch('no message') }),
});

export function failure(options: Omit<ProviderErrorOptions, 'provider'>): ProviderError {
  return new ProviderError({ provider: VENDOR, ...options });
}

/** The error for a status other than 200 and 204. 401 comes here only after the token was renewed once. */
export function errorOf(
  answer: HttpAnswer,
  { subscription, now }: { subscription: string; now: number },
): ProviderError {
  const { status } = answer;
  const { code, message } = bodyOf(answer.text);
  const base = { operation: 'query', status };
  const said = `HTTP ${status} ${code} on subscription ${subscription}`;
  if (status === 429)
    return failure({
      ...base,
      kind: Kind.RetryAfter,
      message: `${said}: quota of queries used up; ask for fewer subscriptions at a time`,
      retryAfterMs: longestWait(answer.headers, now),
    });
  if (status === 401)
    return failure({
      ...base,
      kind: Kind.Unauthorised,
      message: `${said}: a fresh token was refused; check the tenant`,
    });
  if (status === 403)
    return failure({
      ...base,
      kind: Kind.Unauthorised,
      message: `${said}: give the application the role Cost Management Reader on the subscription`,
    });
  if (status === 404)
    return failure({
      ...base,
      kind: Kind.NotFound,
      message: `${said}: the subscription is not in this tenant, or not visible to the application`,
    });
  if (status >= 500) {
    const wait = waitOf(answer.headers.get('retry-after'), now);
    if (wait === null) return failure({ ...base, kind: Kind.Unavailable, message: said });
    return failure({ ...base, kind: Kind.RetryAfter, message: said, retryAfterMs: Math.min(wait, MAX_RETRY_MS) });
  }
  const fix =
    status === 422 ? 'the subscription’s offer may not be supported by Cost Management' : 'check the settings';
  return failure({ ...base, kind: Kind.Terminal, message: `${said}: ${message.slice(0, 200)}; ${fix}` });
}

/** Several quotas may be used up at once: the one that takes longest to come back decides. */
export function longestWait(headers: Headers, now: number): number {
  const waits: number[] = [];
  for (const [name, value] of headers)
    if (name === 'retry-after' || (name.startsWith(LIMIT_PREFIX) && name.endsWith('-retry-after'))) {
      const wait = waitOf(value, now);
      if (wait !== null) waits.push(wait);
    }
  return waits.length === 0 ? DEFAULT_RETRY_MS : Math.min(Math.max(...waits), MAX_RETRY_MS);
}

function bodyOf(text: string): { code: string; message: string } {
  try {
    return ArmBody.parse(JSON.parse(text)).error;
  } catch {
    return { code: text.trimStart().startsWith('<') ? '(an HTML page)' : '(no reason given)', message: '' };
  }
}
