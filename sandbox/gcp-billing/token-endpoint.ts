import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Context } from 'hono';
import { jwtVerify } from 'jose';
import { hexOf, keyOf } from '../estate/random.ts';
import { BigQueryError } from './errors.ts';
import type { ServiceAccountKey } from './service-account.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const GOOGLE = 'https://oauth2.googleapis.com/token';
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform', 'https://www.googleapis.com/auth/bigquery'];
/** Longest a signed statement may say of itself that it is good for. */
const MAX_LIFE_SECONDS = 3600;

export interface TokenEndpoint {
  readonly issue: (c: Context) => Promise<Response>;
  /** @throws BigQueryError 401 */
  check(authorization: string | undefined): void;
  expireAll(): void;
  issued(): number;
}

/** Tokens for signed statements of one service account, and the look at the tokens that were given out. */
export function createTokenEndpoint(options: {
  readonly account: Pick<ServiceAccountKey, 'client_email' | 'private_key'>;
  readonly tokenSeconds: number;
  readonly clock: () => number;
}): TokenEndpoint {
  const { account, tokenSeconds, clock } = options;
  const publicKey = createPublicKey(createPrivateKey(account.private_key));
  const live = new Map<string, number>();
  let serial = 0;

  /** Why a statement is not accepted, or null. */
  const refusal = async (assertion: string, own: string): Promise<string | null> => {
    try {
      const { payload } = await jwtVerify(assertion, publicKey, {
        algorithms: ['RS256'],
        issuer: account.client_email,
        audience: [own, GOOGLE],
        requiredClaims: ['iat', 'exp', 'scope'],
        currentDate: new Date(clock()),
      });
      const { iat = 0, exp = 0 } = payload;
      if (exp - iat > MAX_LIFE_SECONDS) return 'Invalid JWT: Token must be a short-lived token (60 minutes)';
      if (iat * 1000 > clock() + 300_000) return 'Invalid JWT: iat is in the future';
      const scopes = String(payload['scope']).split(' ');
      return scopes.some((scope) => SCOPES.includes(scope)) ? null : 'Invalid OAuth scope.';
    } catch (error) {
      return `Invalid JWT Signature. (${(error as Error).message})`;
    }
  };

  return {
    issue: async (c) => {
      const form = new URLSearchParams(await c.req.text());
      if (form.get('grant_type') !== GRANT) return c.json({ error: 'unsupported_grant_type' }, 400);
      const reason = await refusal(form.get('assertion') ?? '', c.req.url);
      if (reason !== null) return c.json({ error: 'invalid_grant', error_description: reason }, 400);
      const token = `ya29.${hexOf(keyOf(++serial, 'google'), 48)}`;
      live.set(token, clock() + tokenSeconds * 1000);
      return c.json({ access_token: token, expires_in: tokenSeconds, token_type: 'Bearer' });
    },
    check(authorization) {
      const expiry = live.get(authorization?.replace(/^Bearer /, '') ?? '');
      if (expiry === undefined || expiry <= clock())
        throw new BigQueryError(401, 'authError', 'Request had invalid authentication credentials.');
    },
    expireAll: () => live.clear(),
    issued: () => serial,
  };
}
