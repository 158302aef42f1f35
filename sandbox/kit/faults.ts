import type { MiddlewareHandler } from 'hono';

/**
 * One scripted misbehaviour. Applies to requests whose path contains `path` and whose body contains `body` (all of them),
 * `times` times.
 */
export interface Fault {
  path?: string;
  body?: string | readonly string[];
  times?: number;
  kind:
    | 'latency'
    | 'hang'
    | 'reset-before-answer'
    | 'reset-after-effect'
    /** Does what was asked and then keeps the answer back: the moment in which a caller may die. */
    | 'hang-after-effect'
    | 'status'
    | 'html-error'
    | 'truncated-json'
    | 'rate-limited';
  /** `latency`, `hang`, `hang-after-effect`. */
  ms?: number;
  /** `status`. */
  status?: number;
  responseBody?: string;
  /** `rate-limited`: seconds; leave out for a 429 without the header. */
  retryAfter?: number;
}

/** Cuts the connection under the answer, as a crashed proxy would. */
export class ConnectionReset extends Error {}

export function faultMiddleware(faults: Fault[]): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.path.startsWith('/__sim/') || faults.length === 0) return next();
    const body = await c.req.raw
      .clone()
      .text()
      .catch(() => '');
    const index = faults.findIndex(
      (f) => (!f.path || c.req.path.includes(f.path)) && [f.body ?? []].flat().every((part) => body.includes(part)),
    );
    const fault = faults[index];
    if (!fault) return next();
    if (fault.times !== undefined && --fault.times <= 0) faults.splice(index, 1);
    const socket = (c.env as { incoming?: { socket?: { destroy(): void } } }).incoming?.socket;
    switch (fault.kind) {
      case 'latency':
        await new Promise((r) => setTimeout(r, fault.ms ?? 1000));
        return next();
      case 'hang':
        await new Promise((r) => setTimeout(r, fault.ms ?? 600_000));
        return c.text('', 504);
      case 'reset-before-answer':
        socket?.destroy();
        return c.text('', 502);
      case 'reset-after-effect':
        await next();
        socket?.destroy();
        return;
      case 'hang-after-effect':
        await next();
        await new Promise((r) => setTimeout(r, fault.ms ?? 600_000));
        return;
      case 'status':
        return c.body(fault.responseBody ?? '', (fault.status ?? 500) as 500, { 'content-type': 'application/json' });
      case 'html-error':
        return c.html('<html><body><h1>502 Bad Gateway</h1></body></html>', (fault.status ?? 200) as 200);
      case 'rate-limited':
        return c.json(
          { error: 'rate limited' },
          429,
          fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) },
        );
      case 'truncated-json': {
        await next();
        const text = await c.res.text();
        c.res = new Response(text.slice(0, Math.floor(text.length / 2)), {
          status: c.res.status,
          headers: { 'content-type': 'application/json' },
        });
        return;
      }
    }
  };
}
