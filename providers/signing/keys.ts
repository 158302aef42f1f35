import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { sha256 } from '../../schemas/digest.ts';

/** @param pem PKCS #8 Ed25519 private key. @throws Error naming what was found; never the key. */
export function signingKey(pem: string, what = 'the audit signing key'): KeyObject {
  return ed25519(() => createPrivateKey(pem), `${what} must be an Ed25519 private key in PEM (PKCS #8)`);
}

/** @param pem SPKI Ed25519 public key. */
export function verificationKey(pem: string, what = 'the audit public key'): KeyObject {
  return ed25519(() => createPublicKey(pem), `${what} must be an Ed25519 public key in PEM`);
}

/** SHA-256 of the DER form: what people compare out of band. */
export function fingerprint(key: KeyObject): string {
  return sha256(publicHalf(key).export({ type: 'spki', format: 'der' }));
}

export function publicPem(key: KeyObject): string {
  return publicHalf(key).export({ type: 'spki', format: 'pem' }) as string;
}

export function publicHalf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}

function ed25519(read: () => KeyObject, demand: string): KeyObject {
  const fix = 'make one with `openssl genpkey -algorithm ed25519`';
  let key: KeyObject;
  try {
    key = read();
  } catch {
    // The cause is dropped on purpose: it may quote the key.
    throw new Error(`${demand}; what was given cannot be read as a key; ${fix}`);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new Error(`${demand}; found ${key.asymmetricKeyType ?? 'a key of another kind'}; ${fix}`);
}
