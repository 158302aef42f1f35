import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { JsonObject, Misbehaviour } from './types.ts';

interface Pair {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

/** The service's signing keys: what it publishes, and what it signs with. */
export interface ServiceKeys {
  /** The published set, as `/v1/.well-known/keys` shows it. */
  jwks(): { keys: JWK[] };
  /** A token of the service, or a spoiled one. */
  sign(claims: JWTPayload, how: Misbehaviour): Promise<string>;
  /** Signs with a new key from now on; the old one stays published. */
  rotate(): Promise<void>;
}

export async function createServiceKeys(): Promise<ServiceKeys> {
  let count = 0;
  const make = async (): Promise<Pair> => {
    count += 1;
    const kid = `sandbox-key-${count}-${Date.now().toString(36)}`;
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    // As the service publishes them: each key says for which channels it may sign.
    const jwk = {
      ...(await exportJWK(publicKey)),
      kid,
      use: 'sig',
      alg: 'RS256',
      endorsements: ['msteams', 'webchat'],
    };
    return { kid, privateKey, publicKey, jwk };
  };
  const published = [await make()];
  const stranger = await make();
  const current = () => published.at(-1) as Pair;
  return {
    jwks: () => ({ keys: published.map((pair) => pair.jwk) }),
    rotate: async () => void published.push(await make()),
    sign: async (claims, how) => {
      const { kid } = how.unknownKey ? stranger : current();
      if (how.algorithm === 'none') return `${part({ alg: 'none', kid, typ: 'JWT' })}.${part(claims)}.`;
      if (how.algorithm === 'HS256') {
        const secret = new TextEncoder().encode(await exportSPKI(current().publicKey));
        return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid, typ: 'JWT' }).sign(secret);
      }
      const signer = how.wrongKey || how.unknownKey ? stranger : current();
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(signer.privateKey);
    },
  };
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Claims of a token for this bot; those given in `over` win, and null takes one away. */
export function serviceClaims(given: {
  issuer: string;
  audience: string;
  serviceUrl: string;
  nowMs: number;
  how: Misbehaviour;
}): JWTPayload {
  const at = Math.floor(given.nowMs / 1000) + (given.how.tokenOffset ?? 0);
  const claims: JsonObject = {
    iss: given.issuer,
    aud: given.audience,
    serviceurl: given.serviceUrl,
    nbf: at - 300,
    exp: at + 3600,
    ...given.how.claims,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null)) as JWTPayload;
}
