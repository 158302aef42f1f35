import type { KeyObject } from 'node:crypto';
import {
  type Checkpoint,
  checkpointDigest,
  GENESIS,
  type Head,
  merkleRoot,
  signatureHolds,
} from '../../providers/store/audit/format.ts';
import { type Problem, ProblemKind, problem } from './problem.ts';

/** A link that a signed checkpoint vouches for. */
export interface Promised extends Head {
  readonly checkpoint: number;
}

export interface CheckpointCheck {
  accept(checkpoint: Checkpoint, keys: ReadonlyMap<string, KeyObject>): Problem | null;
  /** Compares with a checkpoint kept elsewhere. */
  against(anchor: Checkpoint): Problem | null;
  /** Every signed head, by `placeKey`. */
  readonly promised: ReadonlyMap<string, Promised>;
  count(): number;
  /** Events the newest checkpoint vouches for. */
  covered(): number;
}

export function placeKey(stream: string, seq: number): string {
  return JSON.stringify([stream, seq]);
}

export function createCheckpointCheck(): CheckpointCheck {
  const digests: string[] = [];
  const heads = new Map<string, Head>();
  const promised = new Map<string, Promised>();
  let events = 0;

  return {
    promised,
    count: () => digests.length,
    covered: () => events,

    accept(checkpoint, keys) {
      const { digest, signature, ...body } = checkpoint;
      const number = digests.length + 1;
      const forged = (why: string) => problem(ProblemKind.CheckpointForged, `checkpoint ${checkpoint.number} ${why}`);
      if (checkpoint.number !== number)
        return problem(
          ProblemKind.CheckpointDropped,
          `checkpoint ${number} is missing: ${checkpoint.number} stands in its place`,
        );
      if (body.previous !== (digests.at(-1) ?? GENESIS)) return forged('does not follow from the one before it');
      if (checkpointDigest(body) !== digest) return forged('does not match its digest');
      const key = keys.get(body.key);
      if (!key)
        return problem(ProblemKind.WrongKey, `checkpoint ${number} is signed by key ${body.key}, not a given one`);
      if (!signatureHolds('checkpoint', digest, { signature, key })) return forged('has a false signature');
      if (merkleRoot(body.heads) !== body.root) return forged('does not match its Merkle root');

      for (const head of body.heads) {
        const before = heads.get(head.stream)?.seq ?? 0;
        if (head.seq <= before) return forged(`moves stream ${head.stream} backwards`);
        events += head.seq - before;
        heads.set(head.stream, head);
        promised.set(placeKey(head.stream, head.seq), { ...head, checkpoint: number });
      }
      if (heads.size !== body.streams || events !== body.events) return forged('has totals that do not add up');
      digests.push(digest);
      return null;
    },

    against(anchor) {
      const here = digests[anchor.number - 1];
      if (here === anchor.digest) return null;
      return here === undefined
        ? problem(
            ProblemKind.CheckpointDropped,
            `checkpoint ${anchor.number} is anchored outside, but the export ends at ${digests.length}`,
          )
        : problem(ProblemKind.AnchorMismatch, `checkpoint ${anchor.number} differs from the one anchored outside`);
    },
  };
}
