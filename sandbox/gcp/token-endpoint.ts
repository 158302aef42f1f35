import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Context } from 'hono';
import { decodeJwt, jwtVerify } from 'jose';
import { hexOf, keyOf } from '../estate/random.ts';
import type { ServiceAccountKey } from '../gcp-billing/service-account.ts';
import { GoogleRefusal } from './google-error.ts';
import { GcpAccount, type GcpRoleName } from './identities.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const GOOGLE = 'https://oauth2.googleapis.com/token';
const PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const MAX_LIFE_SECONDS = 3600;

export interface TokenEndpointOptions {
  readonly keys: Readonly<Record<'read' | 'executor', ServiceAccountKey>>;
  readonly tokenSeconds: number;
  readonly clock: () => number;
}

export interface Holder {
  readonly role: GcpRoleName;
  readonly scopes: readonly string[];
}

/** Tokens for signed statements of the accounts with keys, and for the accounts that one of them may act as. */
export function createTokenEndpoint({ keys, tokenSeconds, clock }: TokenEndpointOptions) {
  const live = new Map<string, Holder & { until: number }>();
  const issued: { readonly role: GcpRoleName; readonly token: string }[] = [];

  const give = (holder: Holder, seconds: number) => {
    const token = `ya29.${hexOf(keyOf(issued.length, 'gcp'), 48)}`;
    const until = clock() + seconds * 1000;
    live.set(token, { ...holder, until });
    issued.push({ role: holder.role, token });
    return { token, until };
  };
  const roleOf = async (assertion: string, own: string): Promise<{ role: GcpRoleName; scopes: string[] } | null> => {
    try {
      const issuer = decodeJwt(assertion).iss;
      const role = (['read', 'executor'] as const).find((name) => keys[name].client_email === issuer);
      if (role === undefined) return null;
      const { payload } = await jwtVerify(assertion, createPublicKey(createPrivateKey(keys[role].private_key)), {
        algorithms: ['RS256'],
        audience: [own, GOOGLE],
        requiredClaims: ['iat', 'exp', 'scope'],
        currentDate: new Date(clock()),
      });
      if ((payload.exp ?? 0) - (payload.iat ?? 0) > MAX_LIFE_SECONDS) return null;
      return { role, scopes: String(payload['scope']).split(' ') };
    } catch {
      return null;
    }
  };

  return {
    async issue(c: Context): Promise<Response> {
      const form = new URLSearchParams(await c.req.text());
      if (form.get('grant_type') !== GRANT) return c.json({ error: 'unsupported_grant_type' }, 400);
      const holder = await roleOf(form.get('assertion') ?? '', c.req.url);
      if (holder === null) return c.json({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }, 400);
      return c.json({ access_token: give(holder, tokenSeconds).token, expires_in: tokenSeconds, token_type: 'Bearer' });
    },
    /** generateAccessToken: of the account named, for the scopes and the time asked for. @throws GoogleRefusal */
    async impersonate(c: Context, account: string): Promise<Response> {
      const body = (await c.req.json()) as { scope?: string[]; lifetime?: string };
      const seconds = Number(/^(\d+)s$/.exec(body.lifetime ?? '3600s')?.[1] ?? Number.NaN);
      if (!body.scope?.length || !(seconds > 0 && seconds <= MAX_LIFE_SECONDS))
        throw new GoogleRefusal(400, 'badRequest', 'Request contains an invalid argument.');
      const role = (['reversible', 'destructive'] as const).find((name) => GcpAccount[name] === account);
      if (role === undefined) throw new GoogleRefusal(404, 'notFound', `Not found; Gaia id not found for ${account}`);
      const { token, until } = give({ role, scopes: body.scope }, seconds);
      return c.json({ accessToken: token, expireTime: new Date(until).toISOString() });
    },
    /** @throws GoogleRefusal 401 */
    whose(authorization: string | undefined): Holder {
      const known = live.get(authorization?.replace(/^Bearer /, '') ?? '');
      if (known === undefined || known.until <= clock())
        throw new GoogleRefusal(401, 'authError', 'Request had invalid authentication credentials.');
      return known;
    },
    expireAll: () => live.clear(),
    issued: () => issued,
    /** Does a token for these scopes open this API? */
    opens: (holder: Holder, api: string) => holder.scopes.some((scope) => scope === PLATFORM || scope.endsWith(api)),
  };
}
export type TokenEndpoint = ReturnType<typeof createTokenEndpoint>;
