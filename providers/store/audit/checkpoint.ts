import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import { isDuplicateKey, storeError } from '../mongodb/errors.ts';
import type { Anchors } from './anchors.ts';
import type { AuditCollections } from './collections.ts';
import { fingerprint, publicHalf } from '../../signing/keys.ts';
import { type Checkpoint, checkpointDigest, GENESIS, merkleRoot, signatureHolds, signDigest } from './format.ts';
import { type BrokenLink, currentHeads, movedHeads, signedHeads, verifiedHeads } from './heads.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Exactly the fields of a checkpoint, so that nothing unsigned can ride along. */
export const CheckpointShape = z.strictObject({
  v: z.literal(1),
  number: z.number().int().min(1),
  at: z.string(),
  heads: z.array(z.strictObject({ stream: z.string(), seq: z.number().int().min(1), hash: Hash })),
  root: Hash,
  streams: z.number().int(),
  events: z.number().int(),
  previous: Hash,
  key: Hash,
  digest: Hash,
  signature: z.string(),
});

/** What was signed, and which links could not be. */
export interface Checkpointed {
  readonly number: number;
  readonly digest: string;
  readonly broken: readonly BrokenLink[];
}

const ATTEMPTS = 5;

export function createCheckpointer(
  at: AuditCollections,
  anchors: Anchors,
): (when: string, key: KeyObject) => Promise<Checkpointed> {
  return async (when, key) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const anchored = await anchors.latest();
      const { before, stranger } = await genuine(at, { anchored, key });
      const last = before.at(-1);
      if (anchored > (last?.number ?? 0))
        throw storeError(
          'audit.checkpoint',
          ProviderErrorKind.Terminal,
          `AUDIT_TAMPERED: checkpoint ${anchored} is anchored but the database ends at ${last?.number ?? 0}; run idlewise audit verify`,
        );
      // A crash between storing and anchoring leaves some behind. The newest anchor is compared again: a database that
      // was rebuilt to the same number must not be signed for.
      for (const known of before.slice(Math.max(0, anchored - 1))) await anchors.add(known);
      if (last?.at === when) return { number: last.number, digest: last.digest, broken: [] };

      const { next, broken } = await compose({ at, key, before, when });
      try {
        if (stranger === null)
          await at.run('audit.checkpoint', () => at.checkpoints.insertOne({ _id: String(next.number), ...next }));
        else await at.run('audit.checkpoint', () => at.checkpoints.replaceOne({ _id: stranger }, { ...next }));
      } catch (error) {
        if (isDuplicateKey(error)) continue;
        throw error;
      }
      await anchors.add(next);
      return { number: next.number, digest: next.digest, broken };
    }
    throw storeError('audit.checkpoint', ProviderErrorKind.Unavailable, 'others kept signing at once; try again');
  };
}

/**
 * Stored checkpoints that can be ours. What is anchored outside is compared with the anchor; what is stored behind that has to
 * carry our signature, or somebody put it there to be built upon: it is written over.
 */
async function genuine(
  at: AuditCollections,
  { anchored, key }: { anchored: number; key: KeyObject },
): Promise<{ before: readonly Checkpoint[]; stranger: string | null }> {
  const rows = await at.run('audit.checkpoints', () => at.checkpoints.find({}).sort({ number: 1 }).toArray());
  const before: Checkpoint[] = [];
  for (const { _id, ...raw } of rows) {
    const parsed = CheckpointShape.safeParse(raw);
    if (before.length >= anchored && !(parsed.success && isOurs(parsed.data, { last: before.at(-1), key })))
      return { before, stranger: _id };
    if (!parsed.success) throw malformed(_id, parsed.error);
    before.push(parsed.data);
  }
  return { before, stranger: null };
}

function isOurs(checkpoint: Checkpoint, { last, key }: { last: Checkpoint | undefined; key: KeyObject }): boolean {
  const { digest, signature, ...body } = checkpoint;
  return (
    body.number === (last?.number ?? 0) + 1 &&
    body.previous === (last?.digest ?? GENESIS) &&
    checkpointDigest(body) === digest &&
    signatureHolds('checkpoint', digest, { signature, key: publicHalf(key) })
  );
}

function malformed(id: string, error: z.ZodError): Error {
  const field = error.issues[0]?.path.join('.') ?? '';
  const message = `checkpoint ${id}: field ${field} is malformed; run idlewise audit verify`;
  return storeError('audit.checkpoints', ProviderErrorKind.Malformed, message);
}

async function compose(given: {
  at: AuditCollections;
  key: KeyObject;
  before: readonly Checkpoint[];
  when: string;
}): Promise<{ next: Checkpoint; broken: readonly BrokenLink[] }> {
  const signed = signedHeads(given.before);
  const { heads: current, broken } = await verifiedHeads(given.at, signed, await currentHeads(given.at));
  const heads = await movedHeads(given.at, signed, current);
  const last = given.before.at(-1);
  const body = {
    v: 1 as const,
    number: (last?.number ?? 0) + 1,
    at: given.when,
    heads,
    root: merkleRoot(heads),
    streams: current.length,
    events: current.reduce((sum, head) => sum + head.seq, 0),
    previous: last?.digest ?? GENESIS,
    key: fingerprint(given.key),
  };
  const digest = checkpointDigest(body);
  return { next: { ...body, digest, signature: signDigest('checkpoint', digest, given.key) }, broken };
}
