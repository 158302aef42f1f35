import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import { isDuplicateKey, storeError } from '../mongodb/errors.ts';
import type { Anchors } from './anchors.ts';
import type { AuditCollections } from './collections.ts';
import { fingerprint } from '../../signing/keys.ts';
import { type Checkpoint, checkpointDigest, GENESIS, merkleRoot, signDigest } from './format.ts';
import { currentHeads, movedHeads, signedHeads } from './heads.ts';

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

const ATTEMPTS = 5;

export function createCheckpointer(
  at: AuditCollections,
  anchors: Anchors,
): (when: string, key: KeyObject) => Promise<{ number: number; digest: string }> {
  return async (when, key) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await storedCheckpoints(at);
      const last = before.at(-1);
      const anchored = await anchors.latest();
      if (anchored > (last?.number ?? 0))
        throw storeError(
          'audit.checkpoint',
          ProviderErrorKind.Terminal,
          `AUDIT_TAMPERED: checkpoint ${anchored} is anchored but the database ends at ${last?.number ?? 0}; run idlewise audit verify`,
        );
      // A crash between storing and anchoring leaves some behind. The newest anchor is compared again: a database that
      // was rebuilt to the same number must not be signed for.
      for (const known of before.slice(Math.max(0, anchored - 1))) await anchors.add(known);
      if (last?.at === when) return { number: last.number, digest: last.digest };

      const next = await compose({ at, key, before, when });
      try {
        await at.run('audit.checkpoint', () => at.checkpoints.insertOne({ _id: String(next.number), ...next }));
      } catch (error) {
        if (isDuplicateKey(error)) continue;
        throw error;
      }
      await anchors.add(next);
      return { number: next.number, digest: next.digest };
    }
    throw storeError('audit.checkpoint', ProviderErrorKind.Unavailable, 'others kept signing at once; try again');
  };
}

export async function storedCheckpoints(at: AuditCollections): Promise<readonly Checkpoint[]> {
  const rows = await at.run('audit.checkpoints', () => at.checkpoints.find({}).sort({ number: 1 }).toArray());
  return rows.map(({ _id, ...raw }) => {
    const parsed = CheckpointShape.safeParse(raw);
    if (parsed.success) return parsed.data;
    throw storeError(
      'audit.checkpoints',
      ProviderErrorKind.Malformed,
      `checkpoint ${_id}: field ${parsed.error.issues[0]?.path.join('.') ?? ''} is malformed; run idlewise audit verify`,
    );
  });
}

async function compose(given: {
  at: AuditCollections;
  key: KeyObject;
  before: readonly Checkpoint[];
  when: string;
}): Promise<Checkpoint> {
  const current = await currentHeads(given.at);
  const heads = await movedHeads(given.at, signedHeads(given.before), current);
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
  return { ...body, digest, signature: signDigest('checkpoint', digest, given.key) };
}
