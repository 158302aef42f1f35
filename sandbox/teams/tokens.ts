import { randomUUID } from 'node:crypto';
import type { Hono, MiddlewareHandler } from 'hono';
import type { ServiceKeys } from './keys.ts';
import { BOT_SCOPE, SERVICE_ISSUER, type Tenant } from './tenant.ts';

export interface BotTokens {
  /** Lets only tokens of this endpoint through that have not run out. */
  readonly required: MiddlewareHandler;
  /** Makes every token handed out so far worthless. */
  revokeAll(): void;
}

/** `POST /<tenant>/oauth2/v2.0/token` as Entra answers it, and the openid metadata of the service. */
export function serveTokens(
  app: Hono,
  deps: {
    tenant: Tenant;
    keys: ServiceKeys;
    appPassword: string;
    tokenSeconds: number;
    now: () => number;
    origin: () => string;
  },
): BotTokens {
  const { tenant } = deps;
  const issued = new Map<string, number>();

  app.post('/:tenant/oauth2/v2.0/token', async (c) => {
    c.set('label' as never, 'token' as never);
    const form = new URLSearchParams(await c.req.text());
    const wrong = (error: string, code: number, status: 400 | 401 = 400) =>
      c.json({ error, error_description: `AADSTS${code}: the request is wrong.`, error_codes: [code] }, status);
    if (c.req.param('tenant') !== tenant.tenantId) return wrong('invalid_request', 90002);
    if (form.get('grant_type') !== 'client_credentials') return wrong('unsupported_grant_type', 70003);
    if (form.get('client_id') !== tenant.appId) return wrong('unauthorized_client', 700016);
    if (form.get('client_secret') !== deps.appPassword) return wrong('invalid_client', 7000215, 401);
    if (form.get('scope') !== BOT_SCOPE) return wrong('invalid_scope', 70011);
    const exp = Math.floor(deps.now() / 1000) + deps.tokenSeconds;
    const claims = {
      aud: SERVICE_ISSUER,
      iss: `https://sts.windows.net/${tenant.tenantId}/`,
      appid: tenant.appId,
      exp,
    };
    const token = await deps.keys.sign({ ...claims, jti: randomUUID() }, {});
    issued.set(token, deps.now() + deps.tokenSeconds * 1000);
    return c.json({
      token_type: 'Bearer',
      expires_in: deps.tokenSeconds,
      ext_expires_in: deps.tokenSeconds,
      access_token: token,
    });
  });

  app.get('/v1/.well-known/openidconfiguration', (c) =>
    c.json({
      issuer: SERVICE_ISSUER,
      authorization_endpoint: `${deps.origin()}/oauth2/authorize`,
      jwks_uri: `${deps.origin()}/v1/.well-known/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    }),
  );

  return {
    revokeAll: () => issued.clear(),
    required: async (c, next) => {
      const token = (c.req.header('authorization') ?? '').replace(/^Bearer /, '');
      if ((issued.get(token) ?? 0) <= deps.now())
        return c.json({ error: { code: 'BotNotAuthorized', message: 'Authorization has been denied.' } }, 401);
      return next();
    },
  };
}
