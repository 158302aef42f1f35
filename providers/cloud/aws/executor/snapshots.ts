import { DescribeSnapshotsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { pollUntil } from '../../shared/executor/context.ts';
import { runEffect } from '../../shared/executor/effect.ts';
import { Halt } from '../../shared/executor/halt.ts';
import { mapAwsError } from '../errors.ts';
import type { Readings } from '../../../../ports/rows.ts';
import { allRead } from '../../../rows.ts';
import { OptionalText, readAws, Tags } from '../reader/parse.ts';
import type { ActionContext } from './context.ts';
import type { Effect } from './effect.ts';

/** The tag, set in the creating call itself, by which the snapshots of a plan are found again. */
export const PLAN_TAG = 'idlewise:plan';
const OPERATION = 'ec2:DescribeSnapshots';
const SHORT_LOOKS = 3;

const WireSnapshot = z.object({
  SnapshotId: z.string(),
  VolumeId: z.string(),
  VolumeSize: z.number(),
  Encrypted: z.boolean(),
  KmsKeyId: OptionalText,
  State: z.string(),
  StateMessage: OptionalText,
  Tags,
});
export type Snapshot = z.infer<typeof WireSnapshot>;

export interface SourceVolume {
  readonly volumeId: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  /** Null: not known, so the key is not compared. */
  readonly encryptionKeyId: string | null;
}

/** Every snapshot of this plan, whatever its state. Throws ProviderError. */
export function planSnapshots(ctx: ActionContext): Promise<readonly Snapshot[]> {
  return ctx.reading(({ ec2 }) => findSnapshots(ec2, ctx.identity.planDigest));
}

async function findSnapshots(ec2: EC2Client, planDigest: string): Promise<readonly Snapshot[]> {
  const found: Snapshot[] = [];
  let token: string | undefined;
  do {
    const answer = await ec2
      .send(
        new DescribeSnapshotsCommand({
          OwnerIds: ['self'],
          Filters: [{ Name: `tag:${PLAN_TAG}`, Values: [planDigest] }],
          NextToken: token,
        }),
      )
      .catch((error: unknown) => {
        throw mapAwsError(error, OPERATION);
      });
    found.push(...allRead(readSnapshots(answer.Snapshots ?? []), { provider: 'aws', operation: OPERATION }));
    token = answer.NextToken;
  } while (token);
  return found;
}

/** Rows of DescribeSnapshots. */
export function readSnapshots(nodes: readonly unknown[]): Readings<Snapshot> {
  return readAws(WireSnapshot, nodes, { operation: OPERATION, id: 'SnapshotId' });
}

/** Reasons why the snapshots are not a full, finished copy of the volumes; empty when they are. */
export function snapshotFaults(volumes: readonly SourceVolume[], snapshots: readonly Snapshot[]): string[] {
  const faults: string[] = [];
  if (volumes.length === 0) faults.push('snapshot:no-volumes');
  if (snapshots.length !== volumes.length) faults.push(`snapshot:count:${snapshots.length}-of-${volumes.length}`);
  for (const volume of volumes) {
    const snapshot = snapshots.find((s) => s.VolumeId === volume.volumeId);
    if (!snapshot) {
      faults.push(`snapshot:missing:${volume.volumeId}`);
      continue;
    }
    if (snapshot.State !== 'completed') faults.push(`snapshot:${snapshot.State}:${snapshot.SnapshotId}`);
    if (snapshot.VolumeSize !== volume.sizeGiB) faults.push(`snapshot:size:${snapshot.SnapshotId}`);
    if (snapshot.Encrypted !== volume.encrypted) faults.push(`snapshot:encryption:${snapshot.SnapshotId}`);
    if (volume.encryptionKeyId && snapshot.KmsKeyId && snapshot.KmsKeyId !== volume.encryptionKeyId)
      faults.push(`snapshot:key:${snapshot.SnapshotId}`);
  }
  return faults;
}

/** Creates the plan's snapshots unless they exist, waits for every one, and verifies them. */
export async function ensureSnapshots(
  ctx: ActionContext,
  effect: Omit<Effect, 'seen'>,
  volumes: readonly SourceVolume[],
): Promise<readonly Snapshot[]> {
  const find = () => planSnapshots(ctx);
  const by = await runEffect(ctx, {
    ...effect,
    seen: async () => {
      const found = await find();
      return found.length > 0 ? { snapshotIds: found.map((s) => s.SnapshotId) } : null;
    },
  });
  // Only we know this digest: a tag we did not intend is a trail that was tampered with.
  if (by === 'others') throw new Halt('needs-human', ['snapshot:tagged-by-others']);
  let shortLooks = 0;
  return pollUntil(ctx, {
    what: 'snapshots',
    timeoutMs: ctx.waits.snapshotTimeoutMs,
    killable: true,
    look: async () => {
      const found = await find();
      if (found.some((s) => s.State === 'pending')) return undefined;
      // Fresh tags can be slow to show in filtered answers; a count that stays short is a fault.
      if (found.length < volumes.length && ++shortLooks < SHORT_LOOKS) return undefined;
      const faults = snapshotFaults(volumes, found);
      if (faults.length > 0) throw new Halt('needs-human', faults, { snapshots: summary(found) });
      return found;
    },
  });
}

/** Re-verifies before destroying; nothing is created or waited for. */
export async function verifiedSnapshots(
  ctx: ActionContext,
  volumes: readonly SourceVolume[],
): Promise<readonly Snapshot[]> {
  const found = await planSnapshots(ctx);
  const faults = snapshotFaults(volumes, found);
  if (faults.length > 0) throw new Halt('needs-human', faults, { snapshots: summary(found) });
  return found;
}

/** What the evidence keeps of a snapshot. */
export function summary(snapshots: readonly Snapshot[]): Record<string, unknown>[] {
  return snapshots.map((s) => ({
    snapshotId: s.SnapshotId,
    volumeId: s.VolumeId,
    sizeGiB: s.VolumeSize,
    encrypted: s.Encrypted,
    encryptionKeyId: s.KmsKeyId,
    state: s.State,
  }));
}
