import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';

/** The envelope of every 200. */
export function envelope(c: Context, part: Readonly<Record<string, unknown>>): Response {
  return c.json({
    request_id: randomUUID(),
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings: null,
    auth: null,
    ...part,
  });
}

export function failure(_c: Context, status: number, ...errors: readonly string[]): Response {
  // Hono's types know only registered statuses; Vault has 473.
  return new Response(JSON.stringify({ errors }), { status, headers: { 'content-type': 'application/json' } });
}
