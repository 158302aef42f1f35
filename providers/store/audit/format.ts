import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import type { AuditEvent } from '../../../schemas/audit.ts';
import { canonicalJson, sha256 } from '../../../schemas/digest.ts';

/**
 * The hash format of the trail, in one place. Every digest starts with its own domain text and a NUL, so that bytes
 * hashed for one purpose can never be passed off as another.
 */
export const GENESIS = '0'.repeat(64);
export const EXPORT_FORMAT = 'idlewise-audit-export';
export const EXPORT_VERSION = 1;

/** Where one stream stands. */
export interface Head {
  readonly stream: string;
  readonly seq: number;
  readonly hash: string;
}

/** A signed statement of how far every stream had come. `heads` lists those that moved since the one before. */
export interface CheckpointBody {
  readonly v: 1;
  readonly number: number;
  readonly at: string;
  readonly heads: readonly Head[];
  /** Merkle root over `heads`, sorted by stream. */
  readonly root: string;
  /** Totals over all streams, not only those that moved. */
  readonly streams: number;
  readonly events: number;
  /** Digest of the checkpoint before; GENESIS for the first. */
  readonly previous: string;
  /** SHA-256 of the signing key's public half (DER). */
  readonly key: string;
}

export interface Checkpoint extends CheckpointBody {
  readonly digest: string;
  readonly signature: string;
}

export function eventHash(event: Omit<AuditEvent, 'hash'>): string {
  return sha256(`audit.v1\0${canonicalJson(event)}`);
}

/** The chain holds only this; without the random salt a short payload could be guessed from it. */
export function payloadDigest(salt: string, payloadText: string): string {
  return sha256(`audit.payload.v1\0${salt}\0${payloadText}`);
}

export function checkpointDigest(body: CheckpointBody): string {
  return sha256(`audit.checkpoint.v1\0${canonicalJson(body)}`);
}

/** Merkle tree of RFC 6962: leaves and nodes are told apart by their first byte. */
export function merkleRoot(heads: readonly Head[]): string {
  const leaves = heads.map(({ stream, seq, hash }) => node(0, Buffer.from(canonicalJson({ stream, seq, hash }))));
  return (leaves.length === 0 ? createHash('sha256').digest() : fold(leaves)).toString('hex');
}

/** Streams in code-unit order: the same on every machine and in every locale. */
export function byStream(a: { readonly stream: string }, b: { readonly stream: string }): number {
  return a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0;
}

export type SignedThing = 'checkpoint' | 'export';

export function signDigest(what: SignedThing, digest: string, privateKey: KeyObject): string {
  return sign(null, signedBytes(what, digest), privateKey).toString('hex');
}

export function signatureHolds(what: SignedThing, digest: string, by: { signature: string; key: KeyObject }): boolean {
  return /^[0-9a-f]{128}$/.test(by.signature) && verify(null, signedBytes(what, digest), by.key, bytes(by.signature));
}

function signedBytes(what: SignedThing, digest: string): Buffer {
  return Buffer.from(`audit.${what}.signature.v1\0${digest}`);
}

function fold(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes;
  if (only && hashes.length === 1) return only;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return node(1, Buffer.concat([fold(hashes.slice(0, split)), fold(hashes.slice(split))]));
}

function node(kind: 0 | 1, content: Buffer): Buffer {
  return createHash('sha256').update(Uint8Array.of(kind)).update(content).digest();
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
