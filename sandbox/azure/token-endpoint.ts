import type { Context } from 'hono';
import { hexOf, keyOf } from '../estate/random.ts';
import { ArmRefusal } from './arm-error.ts';
import { AzureApp, type AzureRoleName } from './identities.ts';

export interface TokenEndpointOptions {
  readonly tenantId: string;
  readonly secrets: Readonly<Record<AzureRoleName, string>>;
  readonly tokenSeconds: number;
  readonly clock: () => number;
}

export interface TokenEndpoint {
  issue(c: Context): Promise<Response>;
  /** Whose token it is. @throws ArmRefusal 401 */
  whose(authorization: string | undefined): AzureRoleName;
  expireAll(): void;
  issued(): readonly { readonly role: AzureRoleName; readonly tokenId: string }[];
}

/** The v2.0 token endpoint for the client credentials of several apps. Tokens are built like real ones, and signed by nobody. */
export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const live = new Map<string, { role: AzureRoleName; until: number }>();
  const issued: { role: AzureRoleName; tokenId: string }[] = [];

  const refuse = (c: Context, code: number, error: string, status: 400 | 401 = 400) =>
    c.json({ error, error_description: `AADSTS${code}: refused.`, error_codes: [code] }, status);

  return {
    async issue(c) {
      const form = new URLSearchParams(await c.req.text());
      if (c.req.path.split('/')[1] !== options.tenantId) return refuse(c, 90002, 'invalid_request');
      if (form.get('grant_type') !== 'client_credentials') return refuse(c, 70003, 'unsupported_grant_type');
      if (!/^https:\/\/\S+\/\.default$/.test(form.get('scope') ?? '')) return refuse(c, 70011, 'invalid_scope');
      const role = (Object.keys(AzureApp) as AzureRoleName[]).find((name) => AzureApp[name] === form.get('client_id'));
      if (role === undefined) return refuse(c, 700016, 'unauthorized_client');
      if (form.get('client_secret') !== options.secrets[role]) return refuse(c, 7000215, 'invalid_client', 401);
      const tokenId = hexOf(keyOf(issued.length, 'uti'), 22);
      const claims = { appid: AzureApp[role], oid: `0b1ec700${AzureApp[role].slice(8)}`, uti: tokenId };
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const token = `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.${hexOf(keyOf(issued.length, 'signature'), 32)}`;
      live.set(token, { role, until: options.clock() + options.tokenSeconds * 1000 });
      issued.push({ role, tokenId });
      return c.json({ token_type: 'Bearer', expires_in: options.tokenSeconds, access_token: token });
    },
    whose(authorization) {
      const known = live.get(authorization?.replace(/^Bearer /, '') ?? '');
      if (known === undefined) throw new ArmRefusal(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
      if (known.until <= options.clock())
        throw new ArmRefusal(401, 'ExpiredAuthenticationToken', 'The access token expiry time is past.');
      return known.role;
    },
    expireAll() {
      for (const known of live.values()) known.until = 0;
    },
    issued: () => issued,
  };
}
