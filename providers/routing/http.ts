import { ProviderErrorKind as Kind } from '../../ports/errors.ts';
import type { Authoriser } from '../http/auth.ts';
import { createHttpClient, type HttpClient } from '../http/client.ts';
import type { HttpDeps } from '../http/deps.ts';
import type { Refused, VendorHints } from '../http/failure.ts';

export interface RoutingHttpOptions extends HttpDeps {
  readonly provider: string;
  readonly base: string;
  /** The setting that holds it. */
  readonly field: string;
  readonly timeoutMs: number;
  readonly auth?: Authoriser;
  readonly headers?: Readonly<Record<string, string>>;
  /** What to mend when the answer is 401 or 403. */
  readonly permission: string;
}

/** Both GitHub and GitLab say at the end of a quota when it begins anew, in seconds since 1970. */
const WAIT_HEADERS = { names: ['x-ratelimit-reset', 'ratelimit-reset'] };
const MAX_BYTES = 10_000_000;

/** What the pipelines have in common. They wait for nothing: the workflow engine does. */
export function createRoutingHttp(options: RoutingHttpOptions): HttpClient {
  const { provider, permission } = options;
  const hints: VendorHints = {
    provider,
    unstatedWaitMs: 30_000,
    waitHeaders: WAIT_HEADERS,
    said: (_, { text }) => (text.trimStart().startsWith('<') ? null : text.slice(0, 200)),
    kind: (refused) => (isPaced(refused) ? Kind.RetryAfter : null),
    fix(refused) {
      if (isPaced(refused)) return 'rate limited';
      if (refused.status === 401 || refused.status === 403) return permission;
      return refused.status === 404 ? 'not there, or the token may not see it' : null;
    },
  };
  return createHttpClient({ ...options, hints, maxBytes: MAX_BYTES });
}

/**
 * GitHub refuses for the pace with 403 as well: the quota is at its end, or too much came at once
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 */
function isPaced({ status, headers, text }: Refused): boolean {
  if (status === 429) return true;
  const used = headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after');
  return status === 403 && (used || /secondary rate limit/i.test(text));
}
