import type { Context } from 'hono';
import { hexOf, keyOf } from '../estate/random.ts';

export interface TokenEndpoint {
  readonly issue: (c: Context) => Promise<Response>;
  readonly accepts: (authorization: string | undefined) => boolean;
  expireAll(): void;
}

export interface TokenEndpointOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenSeconds: number;
  readonly clock: () => number;
}

/** OAuth 2.0 client credentials as the vendor's token endpoint answers them: form body, JWT with a `dc` claim. */
export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const live = new Map<string, number>();
  let serial = 0;
  return {
    issue: async (c) => {
      if (!(c.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded'))
        return c.json({ error: 'invalid_request', error_description: 'form body expected' }, 400);
      const form = new URLSearchParams(await c.req.text());
      if (form.get('grant_type') !== 'client_credentials') return c.json({ error: 'unsupported_grant_type' }, 400);
      if (form.get('audience') !== 'wiz-api')
        return c.json({ error: 'invalid_request', error_description: 'audience' }, 400);
      if (form.get('client_id') !== options.clientId || form.get('client_secret') !== options.clientSecret)
        return c.json({ error: 'access_denied', error_description: 'Unauthorized' }, 401);
      const token = jwt(options, ++serial);
      live.set(token, options.clock() + options.tokenSeconds * 1000);
      return c.json({ access_token: token, token_type: 'Bearer', expires_in: options.tokenSeconds });
    },
    accepts: (authorization) => {
      const expiry = live.get(authorization?.replace(/^Bearer /, '') ?? '');
      return expiry !== undefined && expiry > options.clock();
    },
    expireAll: () => live.clear(),
  };
}

function jwt({ clock, tokenSeconds }: TokenEndpointOptions, serial: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(clock() / 1000) + tokenSeconds;
  return `${part({ alg: 'none' })}.${part({ dc: 'us1', exp, jti: serial })}.${hexOf(keyOf(serial, 'signature'), 32)}`;
}
