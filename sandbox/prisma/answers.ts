import type { Context } from 'hono';
import type { Row } from './types.ts';

/** The platform explains itself in a header; the body is empty. */
export function refuse(c: Context, status: 400 | 401 | 403 | 404 | 405 | 429 | 500, i18nKey: string): Response {
  c.header('x-redlock-status', JSON.stringify([{ i18nKey, severity: 'error', subject: null }]));
  return c.body('', status);
}

export async function bodyOf(c: Context): Promise<Row> {
  const body: unknown = await c.req.json().catch(() => null);
  return typeof body === 'object' && body !== null ? (body as Row) : {};
}
