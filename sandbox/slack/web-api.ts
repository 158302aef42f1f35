import type { Context, Hono } from 'hono';
import { createBurstLimit } from '../kit/burst.ts';
import { type MethodContext, methods } from './methods.ts';
import type { JsonObject } from './types.ts';

/** What a token with only these scopes may call; docs.slack.dev lists the scopes of each method. */
const PEOPLE_SCOPES = 'users:read,users:read.email,usergroups:read';
const PEOPLE_METHODS = new Set(['users.info', 'usergroups.users.list', 'auth.test']);
const LIMITED = new Set(['chat.postMessage']);

/** Serves `/api/<method>`: form or JSON bodies, errors as `ok: false` on status 200, 429 with Retry-After. */
export function serveWebApi(
  app: Hono,
  deps: MethodContext & { botToken: string | null; peopleToken: string | null; postsPerSecond: number | null },
): void {
  const limit = createBurstLimit(deps.postsPerSecond);

  app.on(['GET', 'POST'], '/api/:method', async (c) => {
    const name = c.req.param('method');
    c.set('label' as never, name as never);
    const method = methods[name];
    if (!method) return c.json({ ok: false, error: 'unknown_method', req_method: name });
    const args = await readArguments(c);
    const token = (c.req.header('authorization') ?? '').replace(/^Bearer /, '') || String(args.token ?? '');
    if (!token) return c.json({ ok: false, error: 'not_authed' });
    const reads = deps.peopleToken !== null && token === deps.peopleToken;
    if (!reads && deps.botToken !== null && token !== deps.botToken)
      return c.json({ ok: false, error: 'invalid_auth' });
    // As Slack answers a method that the scopes of the token do not cover.
    if (reads && !PEOPLE_METHODS.has(name))
      return c.json({ ok: false, error: 'missing_scope', provided: PEOPLE_SCOPES });
    if (LIMITED.has(name)) {
      const wait = limit.take(String(args.channel), deps.world.now());
      if (wait > 0) return c.json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': String(wait) });
    }
    const answer = method(args, deps);
    return c.json('error' in answer ? { ok: false, ...answer } : { ok: true, ...answer });
  });
}

async function readArguments(c: Context): Promise<JsonObject> {
  const query = Object.fromEntries(new URL(c.req.url).searchParams);
  const type = c.req.header('content-type') ?? '';
  const body = await c.req.text();
  if (type.startsWith('application/json')) return { ...query, ...(body ? (JSON.parse(body) as JsonObject) : {}) };
  const form: JsonObject = { ...query };
  for (const [key, value] of new URLSearchParams(body)) form[key] = decode(key, value);
  return form;
}

/** Form bodies carry nested values as JSON text; booleans and numbers as text. */
function decode(key: string, value: string): JsonObject[string] {
  if (['blocks', 'metadata', 'view', 'attachments'].includes(key)) {
    try {
      return JSON.parse(value) as JsonObject;
    } catch {
      return value;
    }
  }
  if (value === 'true') return true;
  if (value === 'false') return false;
  return value;
}
