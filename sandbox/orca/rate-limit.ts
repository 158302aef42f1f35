import type { MiddlewareHandler } from 'hono';
import type { OrcaSimulatorOptions } from './types.ts';

/** So many requests within a time; then 429, with the header or without. */
export function rateLimiter(limit: OrcaSimulatorOptions['rateLimit'], clock: () => number): MiddlewareHandler {
  let since = Number.NEGATIVE_INFINITY;
  let used = 0;
  return async (c, next) => {
    if (limit === undefined || c.req.path.startsWith('/__sim/')) return next();
    const now = clock();
    if (now - since >= limit.perMs) {
      since = now;
      used = 0;
    }
    if (used < limit.requests) {
      used++;
      return next();
    }
    const seconds = Math.ceil((since + limit.perMs - now) / 1000);
    return c.json({ message: 'Too many requests' }, 429, limit.header ? { 'retry-after': String(seconds) } : {});
  };
}
