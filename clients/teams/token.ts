import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from 'jose';
import { z } from 'zod';
import type { Teams } from '../../providers/chat/teams/section.ts';
import type { RefusalCode } from '../../decisions/refusals.ts';

// Not the validator of @microsoft/teams.apps: it can be switched off by an environment variable, allows five minutes of
// clock difference, takes three forms of the audience, skips the service URL when the body names none, and does not say
// why a token was refused, which the trail has to.

export type TokenCheck =
  | { readonly serviceUrl: string }
  | { readonly refused: RefusalCode; readonly status: 401 | 503; readonly detail: string };

/** Our clock and the service's may differ by this. */
const TOLERANCE_SECONDS = 60;
const KEYS_WITHIN_MS = 2_000;
/** A key that is taken back is refused after this at the latest. */
const KEYS_FRESH_MS = 3_600_000;

/** What jose says when the published keys cannot be had; its other errors are about the token. */
const KEY_TROUBLE = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

const Claims = z.looseObject({ serviceurl: z.string().min(1) });
const Endorsed = z.looseObject({ kid: z.string(), endorsements: z.array(z.string()).optional() });

/** Says whether an `Authorization` header is a token that the Teams service issued for our bot, and for which service URL. */
export function createTokenCheck(deps: {
  config: Pick<Teams, 'appId' | 'issuer' | 'jwksUrl'>;
  now: () => number;
  keyCooldownMs: number;
}): (authorization: string) => Promise<TokenCheck> {
  const { config } = deps;
  const keys = createRemoteJWKSet(new URL(config.jwksUrl), {
    timeoutDuration: KEYS_WITHIN_MS,
    cooldownDuration: deps.keyCooldownMs,
    cacheMaxAge: KEYS_FRESH_MS,
  });

  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/.exec(authorization)?.[1];
    if (token === undefined) return refused('bad-signature', 'no bearer token');
    const kid = keyIdOf(token);
    // Without an id any published key would do.
    if (!kid) return refused('bad-signature', 'the token names no key');
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer: config.issuer,
        audience: config.appId,
        requiredClaims: ['exp'],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(deps.now()),
      });
      if (!endorsed(keys, kid)) return refused('bad-signature', 'the key may not sign for Teams');
      return claimed(payload);
    } catch (error) {
      return reasonOf(error);
    }
  };
}

function keyIdOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
}

/** A key says for which channels it may sign; one that says nothing may sign for all. */
function endorsed(keys: RemoteJWKSet, kid: string): boolean {
  const key = keys.jwks()?.keys.find((each) => each.kid === kid);
  const { endorsements } = Endorsed.parse(key);
  return endorsements === undefined || endorsements.includes('msteams');
}

function claimed(payload: JWTPayload): TokenCheck {
  const claims = Claims.safeParse(payload);
  return claims.success
    ? { serviceUrl: claims.data.serviceurl }
    : refused('bad-signature', 'the token names no service URL');
}

function refused(code: RefusalCode, detail: string): TokenCheck {
  return { refused: code, status: 401, detail };
}

function reasonOf(error: unknown): TokenCheck {
  if (error instanceof errors.JWTExpired) return refused('stale-timestamp', 'the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf' || error.claim === 'iat') return refused('future-timestamp', `claim ${error.claim}`);
    return refused(error.claim === 'aud' ? 'other-app' : 'bad-signature', `claim ${error.claim}`);
  }
  if (error instanceof errors.JOSEError && !KEY_TROUBLE.has(error.code)) return refused('bad-signature', error.message);
  const detail = `the signing keys cannot be read: ${(error as Error).message}`;
  return { refused: 'teams-unavailable', status: 503, detail };
}
