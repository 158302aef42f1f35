import type { MiddlewareHandler } from 'hono';
import { refuse } from './answers.ts';
import type { RateLimit } from './types.ts';

/** As the vendor documents them; the limits of other routes are not documented and are generous here. */
const DOCUMENTED: Readonly<Record<string, RateLimit>> = {
  '/v2/alert': { perSecond: 2, burst: 10 },
  '/alert/:id': { perSecond: 5, burst: 10 },
};
const OTHER: RateLimit = { perSecond: 30, burst: 60 };

/** A token bucket per route, with the four headers on every answer and no Retry-After on a refusal. */
export function createBuckets(
  rateLimits: Readonly<Record<string, RateLimit>>,
  clock: () => number,
): (route: string) => MiddlewareHandler {
  const limits = { ...DOCUMENTED, ...rateLimits };
  return (route) => {
    const { perSecond, burst } = limits[route] ?? limits['*'] ?? OTHER;
    let tokens = burst;
    let at = clock();
    return async (c, next) => {
      tokens = Math.min(burst, tokens + ((clock() - at) / 1000) * perSecond);
      at = clock();
      const allowed = tokens >= 1;
      if (allowed) tokens -= 1;
      c.header('X-RateLimit-Remaining', String(Math.floor(tokens)));
      c.header('X-RateLimit-Burst-Capacity', String(burst));
      c.header('X-RateLimit-Replenish-Rate', String(perSecond));
      c.header('X-RateLimit-Requested-Tokens', '1');
      if (!allowed) return refuse(c, 429, 'too_many_requests');
      return next();
    };
  };
}
