import type { Context } from 'hono';
import { hexOf, keyOf } from '../estate/random.ts';
import { ArmError } from './errors.ts';

export interface TokenEndpointOptions {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenSeconds: number;
  readonly clock: () => number;
}

export interface TokenEndpoint {
  readonly issue: (c: Context) => Promise<Response>;
  /** @throws ArmError 401 */
  check(authorization: string | undefined): void;
  expireAll(): void;
  issued(): number;
}

/** The v2.0 token endpoint for client credentials, and the look at the tokens it gave out. */
export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const live = new Map<string, number>();
  let serial = 0;

  const refuse = (c: Context, code: number, refusal: { status: 400 | 401; error: string; description: string }) =>
    c.json(
      {
        error: refusal.error,
        error_description: `AADSTS${code}: ${refusal.description}`,
        error_codes: [code],
        timestamp: new Date(options.clock()).toISOString().replace('T', ' ').slice(0, 19).concat('Z'),
        trace_id: hexOf(keyOf(serial, 'trace'), 32),
        correlation_id: hexOf(keyOf(serial, 'correlation'), 32),
      },
      refusal.status,
    );

  return {
    issue: async (c) => {
      const form = new URLSearchParams(await c.req.text());
      if (c.req.param('tenant') !== options.tenantId)
        return refuse(c, 90002, { status: 400, error: 'invalid_request', description: 'Tenant not found.' });
      if (form.get('grant_type') !== 'client_credentials')
        return refuse(c, 70003, { status: 400, error: 'unsupported_grant_type', description: 'Not supported.' });
      if (!/^https:\/\/[^\s]+\/\.default$/.test(form.get('scope') ?? ''))
        return refuse(c, 70011, { status: 400, error: 'invalid_scope', description: 'The scope is not valid.' });
      if (form.get('client_id') !== options.clientId)
        return refuse(c, 700016, { status: 400, error: 'unauthorized_client', description: 'Application not found.' });
      if (form.get('client_secret') !== options.clientSecret)
        return refuse(c, 7000215, { status: 401, error: 'invalid_client', description: 'Invalid client secret.' });
      const token = `eyJ0eXAiOiJKV1QifQ.${Buffer.from(`${++serial}`).toString('base64url')}.${hexOf(keyOf(serial, 'azure'), 32)}`;
      live.set(token, options.clock() + options.tokenSeconds * 1000);
      const { tokenSeconds } = options;
      return c.json({
        token_type: 'Bearer',
        expires_in: tokenSeconds,
        ext_expires_in: tokenSeconds,
        access_token: token,
      });
    },
    check(authorization) {
      const refusal = (code: string, message: string) =>
        new ArmError(401, code, { message, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
      const expiry = live.get(authorization?.replace(/^Bearer /, '') ?? '');
      if (expiry === undefined) throw refusal('InvalidAuthenticationToken', 'The access token is invalid.');
      if (expiry <= options.clock())
        throw refusal('ExpiredAuthenticationToken', 'The access token expiry time is past.');
    },
    expireAll: () => {
      for (const token of live.keys()) live.set(token, 0);
    },
    issued: () => serial,
  };
}
