import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  type Tag,
  type VolumeType,
} from '@aws-sdk/client-ec2';
import type { ActionResult } from '../../../../../ports/cloud.ts';
import type { VolumeFacts } from '../../../../../schemas/cloud-facts.ts';
import { goneResult, needsHuman } from '../../../shared/executor/action.ts';
import {
  snapshotAndDeleteVolume as deletion,
  lookVolume,
} from '../../../shared/executor/actions/snapshot-and-delete-volume.ts';
import { pollUntil, recallBegun } from '../../../shared/executor/context.ts';
import { runEffect } from '../../../shared/executor/effect.ts';
import { Halt } from '../../../shared/executor/halt.ts';
import { ec2Arn, ec2ServiceOf } from '../../arn.ts';
import { mapAwsError } from '../../errors.ts';
import { volumeRows } from '../../reader/volumes.ts';
import type { ActionContext } from '../context.ts';
import type { Effect } from '../effect.ts';
import {
  ensureSnapshots,
  planSnapshots,
  type Snapshot,
  type SourceVolume,
  summary,
  verifiedSnapshots,
} from '../snapshots.ts';
import { RESTORED_FROM, restoreSpec, snapshotTags } from './volume-tags.ts';

/** The snapshot's tags carry all that is needed to make the volume again. */
export const snapshotAndDeleteVolume = deletion(
  {
    remove: deleteEffect,
    exists: async (ctx) => (await ctx.reading(({ ec2 }) => volumeRows(ec2, [ctx.plan.resourceId]))).length > 0,
    restore,
  },
  {
    ensure: async (ctx, facts) => summary(await ensureSnapshots(ctx, snapshotEffect(ctx, facts), [source(facts)])),
    verified: async (ctx, facts) => summary(await verifiedSnapshots(ctx, [source(facts)])),
    kept: async (ctx) => summary(await planSnapshots(ctx)),
    instructions: 'Create a volume from the snapshot in the zone its tags name (aws ec2 create-volume).',
  },
);

async function restore(ctx: ActionContext): Promise<ActionResult> {
  const step = 'rollback-create';
  const deleted = (await recallBegun(ctx, ['delete', step])).has('delete');
  const [snapshot, ...more] = await planSnapshots(ctx);
  if ((await lookVolume(ctx)) !== null) return { result: 'already-satisfied', detail: { state: 'volume-still-there' } };
  if (!deleted) return goneResult(ctx, []);
  if (!snapshot || more.length > 0) return needsHuman('snapshot:count', { found: more.length + (snapshot ? 1 : 0) });
  const spec = restoreSpec(snapshot);
  if (!spec) return needsHuman('snapshot:restore-tags-missing', { snapshots: summary([snapshot]) });
  if (snapshot.Encrypted && !snapshot.KmsKeyId)
    return needsHuman('unknown:kms_key', { snapshots: summary([snapshot]) });
  await runEffect(ctx, restoreEffect(ctx, step, { snapshot, spec }));
  // What may not be encrypted is called creating first, and is gone a moment later.
  const volumeId = await pollUntil(ctx, {
    what: 'available',
    timeoutMs: ctx.waits.transitionTimeoutMs,
    killable: false,
    look: async () => {
      const restored = await restoredVolume(ctx);
      if (restored?.state === 'creating') return undefined;
      if (restored?.state === 'available') return restored.volumeId;
      throw new Halt('needs-human', [`rollback-create:${restored?.state ?? 'not-found'}`]);
    },
  });
  return {
    result: 'rolled-back',
    reasons: ['restored:new-volume-id'],
    detail: { volumeId, snapshotId: snapshot.SnapshotId },
  };
}

function source(facts: VolumeFacts): SourceVolume {
  return {
    volumeId: facts.resourceId,
    sizeGiB: facts.sizeGiB,
    encrypted: facts.encrypted,
    encryptionKeyId: facts.encryptionKeyId,
  };
}

function snapshotEffect(ctx: ActionContext, facts: VolumeFacts): Omit<Effect, 'seen'> {
  const { plan, identity } = ctx;
  return {
    step: 'snapshot',
    before: { facts },
    scope: {
      action: 'ec2:CreateSnapshot',
      resources: [ec2Arn(plan, 'volume', plan.resourceId), ec2Arn(plan, 'snapshot', '*')],
      role: 'destructive',
      tagsCreated: ec2Arn(plan, 'snapshot', '*'),
    },
    call: ({ ec2 }, DryRun) =>
      ec2.send(
        new CreateSnapshotCommand({
          VolumeId: plan.resourceId,
          Description: `Idlewise, before deleting ${plan.resourceId}`,
          TagSpecifications: [{ ResourceType: 'snapshot', Tags: snapshotTags(facts, identity.planDigest) }],
          DryRun,
        }),
      ),
  };
}

function deleteEffect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const { plan } = ctx;
  return {
    step,
    before,
    scope: {
      action: 'ec2:DeleteVolume',
      resources: [ec2Arn(plan, 'volume', plan.resourceId)],
      role: 'destructive',
    },
    seen: async () => ((await lookVolume(ctx)) === null ? { state: 'gone' } : null),
    call: ({ ec2 }, DryRun) => ec2.send(new DeleteVolumeCommand({ VolumeId: plan.resourceId, DryRun })),
  };
}

type Restore = { readonly snapshot: Snapshot; readonly spec: NonNullable<ReturnType<typeof restoreSpec>> };

function restoreEffect(ctx: ActionContext, step: string, { snapshot, spec }: Restore): Effect {
  const { plan, identity } = ctx;
  const tags: Tag[] = [...spec.tags, { Key: RESTORED_FROM, Value: identity.planDigest }];
  return {
    step,
    before: { snapshotId: snapshot.SnapshotId, spec },
    scope: {
      action: 'ec2:CreateVolume',
      resources: [ec2Arn(plan, 'volume', '*'), ec2Arn(plan, 'snapshot', snapshot.SnapshotId)],
      role: 'destructive',
      tagsCreated: ec2Arn(plan, 'volume', '*'),
      keys: {
        arns: snapshot.Encrypted && snapshot.KmsKeyId ? [snapshot.KmsKeyId] : [],
        viaService: ec2ServiceOf(plan),
      },
    },
    seen: async () => {
      const restored = await restoredVolume(ctx);
      return restored === null ? null : { volumeId: restored.volumeId };
    },
    call: ({ ec2 }, DryRun) =>
      ec2.send(
        new CreateVolumeCommand({
          SnapshotId: snapshot.SnapshotId,
          AvailabilityZone: spec.zone,
          VolumeType: spec.volumeType as VolumeType,
          Iops: spec.iops,
          Throughput: spec.throughput,
          TagSpecifications: [{ ResourceType: 'volume', Tags: tags }],
          // Unlike the other calls this one has a token: a second guard beside the tag.
          ClientToken: identity.planDigest,
          DryRun,
        }),
      ),
  };
}

async function restoredVolume(ctx: ActionContext): Promise<{ volumeId: string; state: string } | null> {
  const Filters = [{ Name: `tag:${RESTORED_FROM}`, Values: [ctx.identity.planDigest] }];
  const answer = await ctx
    .reading(({ ec2 }) => ec2.send(new DescribeVolumesCommand({ Filters })))
    .catch((error: unknown) => {
      throw mapAwsError(error, 'ec2:DescribeVolumes');
    });
  const [volume] = answer.Volumes ?? [];
  return volume?.VolumeId ? { volumeId: volume.VolumeId, state: volume.State ?? 'unknown' } : null;
}
