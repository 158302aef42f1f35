import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** @param pem PKCS #8 Ed25519 private key. @throws Error naming what was found; never the key. */
export function signingKey(pem: string): KeyObject {
  return ed25519(() => createPrivateKey(pem), 'the audit signing key must be an Ed25519 private key in PEM (PKCS #8)');
}

/** @param pem SPKI Ed25519 public key. */
export function verificationKey(pem: string): KeyObject {
  return ed25519(() => createPublicKey(pem), 'the audit public key must be an Ed25519 public key in PEM');
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
