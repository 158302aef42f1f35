import { randomBytes } from 'node:crypto';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { type Env, failure, type World } from './context.ts';

const HOUR_MS = 3_600_000;

/** Basic and OAuth sign-in, with the hourly rate limit per user. Registers `/oauth_token.do`; returns the guard. */
export function registerAuth(app: Hono, world: World): MiddlewareHandler<Env> {
  const { settings, store } = world;
  const tokens = new Map<string, { user: string; expiresAt: number }>();
  const used = new Map<string, { since: number; count: number }>();

  const signIn = (userName: string, password: string): string | null => {
    if (userName === settings.username) return password === settings.password ? userName : null;
    const known = store.rows('sys_user').some((row) => row.user_name === userName && row.active === 'true');
    return known && password === settings.personPassword ? userName : null;
  };

  app.post('/oauth_token.do', async (c) => {
    const form = await c.req.parseBody();
    if (form.client_id !== settings.clientId || form.client_secret !== settings.clientSecret)
      return c.json({ error: 'invalid_client', error_description: 'client is not known' }, 401);
    const user =
      form.grant_type === 'client_credentials'
        ? settings.username
        : form.grant_type === 'password'
          ? signIn(String(form.username), String(form.password))
          : null;
    if (user === null) return c.json({ error: 'server_error', error_description: 'access_denied' }, 401);
    const token = randomBytes(32).toString('base64url');
    tokens.set(token, { user, expiresAt: Date.now() + settings.tokenLifetime * 1000 });
    return c.json({
      access_token: token,
      refresh_token: randomBytes(32).toString('base64url'),
      scope: 'useraccount',
      token_type: 'Bearer',
      expires_in: settings.tokenLifetime,
    });
  });
  app.post('/__sim/expire-tokens', (c) => {
    tokens.clear();
    return c.json({ expired: true });
  });

  const whoIs = (header: string): string | null => {
    const [scheme, credential = ''] = header.split(' ');
    if (scheme === 'Bearer') {
      const token = tokens.get(credential);
      return token && token.expiresAt > Date.now() ? token.user : null;
    }
    if (scheme !== 'Basic') return null;
    const [userName = '', ...password] = Buffer.from(credential, 'base64').toString('utf8').split(':');
    return signIn(userName, password.join(':'));
  };

  return async (c, next) => {
    const user = whoIs(c.req.header('authorization') ?? '');
    if (user === null) {
      c.header('www-authenticate', 'BASIC realm="Service-now"');
      return failure(c, 401, ['User Not Authenticated', 'Required to provide Auth information']);
    }
    c.set('user', user);
    c.set('label' as never, user as never);
    const limited = overLimit(used, user, settings.requestsPerHour);
    if (limited) return tooMany(c, limited, settings.requestsPerHour ?? 0);
    const type = c.req.header('content-type');
    if (['POST', 'PUT', 'PATCH'].includes(c.req.method) && type && !type.includes('json'))
      return failure(c, 415, ['Content-Type not supported', type]);
    if (!/\*\/\*|json/.test(c.req.header('accept') ?? '*/*')) return failure(c, 406, 'Accept header not supported');
    return next();
  };
}

/** Seconds until the count starts again, or null while there is room. */
function overLimit(used: Map<string, { since: number; count: number }>, user: string, limit: number | null) {
  if (limit === null) return null;
  const now = Date.now();
  const window = used.get(user);
  if (!window || now - window.since > HOUR_MS) {
    used.set(user, { since: now, count: 1 });
    return null;
  }
  return ++window.count > limit ? Math.ceil((window.since + HOUR_MS - now) / 1000) : null;
}

function tooMany(c: Context, seconds: number, limit: number) {
  c.header('retry-after', String(seconds));
  c.header('x-ratelimit-limit', String(limit));
  c.header('x-ratelimit-reset', String(Math.floor(Date.now() / 1000) + seconds));
  c.header('x-ratelimit-rule', 'e'.repeat(32));
  return failure(c, 429, 'Rate limit exceeded');
}
