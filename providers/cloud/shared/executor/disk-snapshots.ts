import { type ActionContext, type CallScope, pollUntil, type Session } from './context.ts';
import { type Effect, runEffect } from './effect.ts';
import { Halt } from './halt.ts';
import type { PlanSnapshots, SnapshotSummary } from './plan-snapshots.ts';

/** A copy of one disk in a cloud that copies disk by disk, under a name the plan decides. */
export interface DiskSnapshot {
  readonly id: string;
  readonly sourceId: string;
  /** Null: the cloud did not say, which is a fault. */
  readonly sizeGiB: number | null;
  readonly state: 'pending' | 'completed' | 'failed' | 'unknown';
  /** Key of the copy; null: the platform's own, or not said. */
  readonly keyId: string | null;
}

export interface SourceDisk {
  readonly id: string;
  readonly sizeGiB: number;
  /** Customer's key of the disk; null: not known, so it is not compared. */
  readonly keyId: string | null;
}

export interface DiskCopier<S extends Session, C extends CallScope, F> {
  sources(facts: F): readonly SourceDisk[];
  find(ctx: ActionContext<S, C>): Promise<readonly DiskSnapshot[]>;
  /** One step for all disks. Names are given by the plan, so a repeated call completes what an earlier one left out. */
  create(ctx: ActionContext<S, C>, facts: F): Omit<Effect<S, C>, 'seen'>;
  readonly instructions: string;
}

/** Reasons why the snapshots are not a full, finished copy of the disks; empty when they are. */
export function diskFaults(disks: readonly SourceDisk[], found: readonly DiskSnapshot[]): string[] {
  const faults: string[] = [];
  if (disks.length === 0) faults.push('snapshot:no-volumes');
  if (found.length !== disks.length) faults.push(`snapshot:count:${found.length}-of-${disks.length}`);
  for (const disk of disks) {
    const snapshot = found.find((s) => s.sourceId === disk.id);
    if (!snapshot) {
      faults.push(`snapshot:missing:${disk.id}`);
      continue;
    }
    if (snapshot.state !== 'completed') faults.push(`snapshot:${snapshot.state}:${snapshot.id}`);
    if (snapshot.sizeGiB !== disk.sizeGiB) faults.push(`snapshot:size:${snapshot.id}`);
    if (disk.keyId && snapshot.keyId && snapshot.keyId !== disk.keyId) faults.push(`snapshot:key:${snapshot.id}`);
  }
  return faults;
}

/** The copies of a plan where every disk is copied by a call of its own. */
export function diskSnapshots<S extends Session, C extends CallScope, F>(
  copier: DiskCopier<S, C, F>,
): PlanSnapshots<S, C, F> {
  const fault = (faults: readonly string[], found: readonly DiskSnapshot[]) =>
    new Halt('needs-human', faults, { snapshots: summary(found) });
  return {
    instructions: copier.instructions,
    async ensure(ctx, facts) {
      const disks = copier.sources(facts);
      const by = await runEffect(ctx, {
        ...copier.create(ctx, facts),
        seen: async () => {
          const found = await copier.find(ctx);
          return disks.every((d) => found.some((s) => s.sourceId === d.id))
            ? { snapshotIds: found.map((s) => s.id) }
            : null;
        },
      });
      // Only we know this digest: snapshots under its name that we did not intend are a trail that was tampered with.
      if (by === 'others') throw new Halt('needs-human', ['snapshot:tagged-by-others']);
      return pollUntil(ctx, {
        what: 'snapshots',
        timeoutMs: ctx.waits.snapshotTimeoutMs,
        killable: true,
        look: async () => {
          const found = await copier.find(ctx);
          if (found.some((s) => s.state === 'pending')) return undefined;
          const faults = diskFaults(disks, found);
          if (faults.length > 0) throw fault(faults, found);
          return summary(found);
        },
      });
    },
    async verified(ctx, facts) {
      const found = await copier.find(ctx);
      const faults = diskFaults(copier.sources(facts), found);
      if (faults.length > 0) throw fault(faults, found);
      return summary(found);
    },
    kept: async (ctx) => summary(await copier.find(ctx)),
  };
}

function summary(found: readonly DiskSnapshot[]): SnapshotSummary[] {
  return found.map((s) => ({
    snapshotId: s.id,
    volumeId: s.sourceId,
    sizeGiB: s.sizeGiB,
    keyId: s.keyId,
    state: s.state,
  }));
}
