import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 canonical JSON. Throws TypeError for what JSON cannot hold (NaN, functions, lone undefined). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no canonical JSON form');
  return text;
}

/** Lower-case hexadecimal SHA-256. */
export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of the RFC 8785 canonical JSON: the digest of plans, states and policy sets. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
