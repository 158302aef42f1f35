import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  type Tag,
  type VolumeType,
} from '@aws-sdk/client-ec2';
import type { VolumeFacts } from '../../../../../schemas/cloud-facts.ts';
import { ec2Arn } from '../../arn.ts';
import { mapAwsError } from '../../errors.ts';
import { readVolumes } from '../../reader/volumes.ts';
import { assertApproved } from '../approved.ts';
import { type ActionContext, pollUntil, recallBegun } from '../context.ts';
import { type Effect, runEffect } from '../effect.ts';
import { Halt } from '../halt.ts';
import {
  ensureSnapshots,
  planSnapshots,
  type Snapshot,
  type SourceVolume,
  summary,
  verifiedSnapshots,
} from '../snapshots.ts';
import { type AwsAction, goneResult, needsHuman } from './action.ts';
import { RESTORED_FROM, restoreSpec, snapshotTags } from './volume-tags.ts';

/** Phase one snapshots; after the hold, phase two verifies the snapshot again and deletes. */
export const snapshotAndDeleteVolume: AwsAction = {
  async apply(ctx) {
    await recallBegun(ctx, ['snapshot']);
    const now = await lookVolume(ctx);
    if (now === null) return goneResult(ctx, ['snapshot']);
    await assertApproved(ctx, { now, turnedBack: now });
    const snapshots = await ensureSnapshots(ctx, snapshotEffect(ctx, now), [source(now)]);
    return { result: 'prepared', detail: { before: now, snapshots: summary(snapshots) } };
  },

  async complete(ctx) {
    const begun = (await recallBegun(ctx, ['delete'])).has('delete');
    const now = await lookVolume(ctx);
    if (now === null) {
      if (!begun) return goneResult(ctx, ['snapshot']);
      await ctx.log.result('delete', { state: 'gone', reconstructed: true });
      const kept = await planSnapshots(ctx);
      return { result: 'applied', detail: { state: 'deleted', snapshots: summary(kept) } };
    }
    await assertApproved(ctx, { now, turnedBack: now });
    const snapshots = await verifiedSnapshots(ctx, [source(now)]);
    const by = await runEffect(ctx, deleteEffect(ctx, { facts: now, snapshots: summary(snapshots) }));
    await pollUntil(ctx, {
      what: 'deleted',
      timeoutMs: ctx.waits.transitionTimeoutMs,
      killable: false,
      look: async () =>
        (await ctx.reading(({ ec2 }) => readVolumes(ec2, [ctx.plan.resourceId]))).size === 0 ? true : undefined,
    });
    if (by === 'others') return goneResult(ctx, []);
    return { result: 'applied', detail: { before: now, state: 'deleted', snapshots: summary(snapshots) } };
  },

  async rollback(ctx) {
    const step = 'rollback-create';
    const deleted = (await recallBegun(ctx, ['delete', step])).has('delete');
    const [snapshot, ...more] = await planSnapshots(ctx);
    if ((await lookVolume(ctx)) !== null)
      return { result: 'already-satisfied', detail: { state: 'volume-still-there' } };
    if (!deleted) return goneResult(ctx, []);
    if (!snapshot || more.length > 0) return needsHuman('snapshot:count', { found: more.length + (snapshot ? 1 : 0) });
    const spec = restoreSpec(snapshot);
    if (!spec) return needsHuman('snapshot:restore-tags-missing', { snapshots: summary([snapshot]) });
    await runEffect(ctx, restoreEffect(ctx, step, { snapshot, spec }));
    const restored = await restoredVolume(ctx);
    if (restored === null) throw new Halt('needs-human', ['rollback-create:not-found']);
    return {
      result: 'rolled-back',
      reasons: ['restored:new-volume-id'],
      detail: { volumeId: restored, snapshotId: snapshot.SnapshotId },
    };
  },
};

async function lookVolume(ctx: ActionContext): Promise<VolumeFacts | null> {
  const facts = await ctx.look();
  return facts?.resourceType === 'AWS::EC2::Volume' && facts.state !== 'deleting' ? facts : null;
}

function source(facts: VolumeFacts): SourceVolume {
  return { volumeId: facts.resourceId, sizeGiB: facts.sizeGiB, encrypted: facts.encrypted, kmsKeyId: facts.kmsKeyId };
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

function deleteEffect(ctx: ActionContext, before: Record<string, unknown>): Effect {
  const { plan } = ctx;
  return {
    step: 'delete',
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
    },
    seen: async () => {
      const volumeId = await restoredVolume(ctx);
      return volumeId === null ? null : { volumeId };
    },
    call: ({ ec2 }, DryRun) =>
      ec2.send(
        new CreateVolumeCommand({
          SnapshotId: snapshot.SnapshotId,
          AvailabilityZone: spec.availabilityZone,
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

async function restoredVolume(ctx: ActionContext): Promise<string | null> {
  const Filters = [{ Name: `tag:${RESTORED_FROM}`, Values: [ctx.identity.planDigest] }];
  const answer = await ctx
    .reading(({ ec2 }) => ec2.send(new DescribeVolumesCommand({ Filters })))
    .catch((error: unknown) => {
      throw mapAwsError(error, 'ec2:DescribeVolumes');
    });
  return answer.Volumes?.[0]?.VolumeId ?? null;
}
