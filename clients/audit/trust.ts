import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CheckpointShape } from '../../providers/store/audit/checkpoint.ts';
import { type Checkpoint, checkpointDigest } from '../../providers/store/audit/format.ts';
import { fingerprint, verificationKey } from '../../providers/signing/keys.ts';
import { type Problem, ProblemKind, problem } from './problem.ts';

/** What the caller brought along to check against; null where it brought nothing. */
export interface Trust {
  readonly keys: ReadonlyMap<string, KeyObject> | null;
  readonly anchor: Checkpoint | null;
  readonly undecidable: string | null;
}

export async function readTrust({
  publicKeyPem,
  anchorFile,
}: {
  publicKeyPem?: string;
  anchorFile?: string;
}): Promise<Trust> {
  const keys = publicKeyPem === undefined ? null : readKeys(publicKeyPem);
  if (typeof keys === 'string') return { keys: null, anchor: null, undecidable: keys };
  if (anchorFile === undefined) return { keys, anchor: null, undecidable: null };
  const anchor = await readAnchor(anchorFile);
  return typeof anchor === 'string' ? { keys, anchor: null, undecidable: anchor } : { keys, anchor, undecidable: null };
}

function readKeys(pem: string): ReadonlyMap<string, KeyObject> | string {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [pem];
  try {
    return byFingerprint(blocks.map((pem) => verificationKey(pem)));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function readAnchor(path: string): Promise<Checkpoint | string> {
  try {
    const anchor = CheckpointShape.parse(JSON.parse(await readFile(path, 'utf8')));
    const { digest, signature: _, ...body } = anchor;
    return checkpointDigest(body) === digest ? anchor : `the anchor ${path} does not match its own digest`;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return `the anchor ${path} cannot be read${code ? ` (${code})` : ': it is not a checkpoint file'}`;
  }
}

/** The keys an export is checked with: the given ones, or the one it carries. */
export function trustedKeys(
  header: { publicKey: string; key: string },
  given: Trust,
): { keys: ReadonlyMap<string, KeyObject>; problem: Problem | null } {
  if (given.keys) {
    const known = given.keys.has(header.key);
    return {
      keys: given.keys,
      problem: known
        ? null
        : problem(ProblemKind.WrongKey, `the export is signed by key ${header.key}, not a given one`),
    };
  }
  const embedded = readKeys(header.publicKey);
  if (typeof embedded === 'string' || !embedded.has(header.key))
    return {
      keys: new Map(),
      problem: problem(ProblemKind.WrongKey, 'the embedded public key does not match its fingerprint'),
    };
  return { keys: embedded, problem: null };
}

function byFingerprint(keys: readonly KeyObject[]): ReadonlyMap<string, KeyObject> {
  return new Map(keys.map((key) => [fingerprint(key), key]));
}
