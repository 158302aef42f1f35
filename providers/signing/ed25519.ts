import { type KeyObject, sign, verify } from 'node:crypto';
import type { Signer, SignerName, StatementKind, Verifier } from '../../ports/signing.ts';
import { canonicalJson } from '../../schemas/digest.ts';
import { fingerprint, publicHalf, signingKey, verificationKey } from './keys.ts';

/** @throws Error when the key is none; never with the key in it */
export function createSigner(privatePem: string, what: string): Signer {
  const secret = signingKey(privatePem, what);
  const key = fingerprint(secret);
  return { sign: (kind, statement) => ({ key, value: sign(null, bytes(kind, statement), secret).toString('hex') }) };
}

export interface TrustedKey {
  readonly name: SignerName;
  readonly publicPem: string;
  readonly states: readonly StatementKind[];
  /** Where it stands, for the error. */
  readonly field: string;
}

/** @throws Error when a key is none, or two names share one: then nobody could say whose word it is */
export function createVerifier(trusted: readonly TrustedKey[]): Verifier {
  const known = new Map<string, TrustedKey & { readonly public: KeyObject }>();
  for (const entry of trusted) {
    const key = publicHalf(verificationKey(entry.publicPem, entry.field));
    const print = fingerprint(key);
    const taken = known.get(print);
    if (taken && taken.name !== entry.name)
      throw new Error(`${entry.field}: this key already belongs to ${taken.name}; one key must lead to one signer`);
    known.set(print, { ...entry, public: key });
  }
  return {
    signerOf(kind, statement, signature) {
      const entry = signature ? known.get(signature.key) : undefined;
      if (!signature || !entry?.states.includes(kind) || !/^[0-9a-f]{128}$/.test(signature.value)) return null;
      try {
        return verify(null, bytes(kind, statement), entry.public, Buffer.from(signature.value, 'hex'))
          ? entry.name
          : null;
      } catch {
        // What has no canonical form was never signed.
        return null;
      }
    },
  };
}

function bytes(kind: StatementKind, statement: unknown): Buffer {
  return Buffer.from(`idlewise.${kind}.v1\0${canonicalJson(statement)}`);
}
