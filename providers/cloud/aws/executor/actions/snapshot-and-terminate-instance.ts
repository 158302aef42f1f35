import { CreateSnapshotsCommand } from '@aws-sdk/client-ec2';
import { withExpectedState } from '../../../../../domain/state-facts.ts';
import type { InstanceFacts } from '../../../../../schemas/cloud-facts.ts';
import { ec2Arn } from '../../arn.ts';
import { assertApproved } from '../approved.ts';
import { type ActionContext, recallBegun } from '../context.ts';
import type { Effect } from '../effect.ts';
import { runEffect } from '../effect.ts';
import { Halt } from '../halt.ts';
import { lookInstance, stopEffect, terminateEffect, waitStopped, waitTerminated } from '../instance-steps.ts';
import { preflightWarnings } from '../preflight.ts';
import {
  ensureSnapshots,
  PLAN_TAG,
  planSnapshots,
  type SourceVolume,
  summary,
  verifiedSnapshots,
} from '../snapshots.ts';
import { type AwsAction, goneResult, needsHuman } from './action.ts';
import { startAgain } from './stop-instance.ts';

/** Phase one stops and snapshots; after the hold, phase two verifies the snapshots again and terminates. */
export const snapshotAndTerminateInstance: AwsAction = {
  async apply(ctx) {
    const begun = await recallBegun(ctx, ['stop', 'snapshot']);
    const now = await lookInstance(ctx);
    if (now === null || now.state === 'shutting-down') return goneResult(ctx, ['stop', 'snapshot']);
    await assertApproved(ctx, { now, turnedBack: begun.has('stop') ? withExpectedState(now, 'running') : now });
    // Stopped first: only then is a snapshot of the root disk consistent.
    if (now.state !== 'stopped' || begun.has('stop')) {
      const by = await runEffect(ctx, stopEffect(ctx, 'stop', { state: now.state, launchTime: now.launchTime }));
      if (by === 'others') throw new Halt('blocked-by-drift', ['drift:state']);
      await waitStopped(ctx, true);
    }
    const snapshots = await ensureSnapshots(ctx, snapshotEffect(ctx, now), sources(now));
    const detail = { before: now, snapshots: summary(snapshots), warnings: preflightWarnings(now) };
    return { result: 'prepared', detail };
  },

  async complete(ctx) {
    const begun = (await recallBegun(ctx, ['terminate'])).has('terminate');
    const now = await lookInstance(ctx);
    if (now === null || now.state === 'shutting-down') {
      await waitTerminated(ctx);
      if (!begun) return goneResult(ctx, ['stop', 'snapshot']);
      await ctx.log.result('terminate', { state: 'terminated', reconstructed: true });
      const kept = await planSnapshots(ctx);
      return { result: 'applied', detail: { state: 'terminated', snapshots: summary(kept) } };
    }
    if (now.state !== 'stopped') throw new Halt('blocked-by-drift', ['drift:state']);
    const stoppedByUs = await ctx.log.hasIntent('stop');
    await assertApproved(ctx, { now, turnedBack: stoppedByUs ? withExpectedState(now, 'running') : now });
    const snapshots = await verifiedSnapshots(ctx, sources(now));
    const by = await runEffect(ctx, terminateEffect(ctx, 'terminate', { facts: now, snapshots: summary(snapshots) }));
    await waitTerminated(ctx);
    if (by === 'others') return goneResult(ctx, []);
    return { result: 'applied', detail: { before: now, state: 'terminated', snapshots: summary(snapshots) } };
  },

  async rollback(ctx) {
    const now = await lookInstance(ctx);
    if (now !== null && now.state !== 'shutting-down') return startAgain(ctx);
    if (!(await ctx.log.hasIntent('terminate'))) return goneResult(ctx, []);
    const snapshots = await planSnapshots(ctx);
    const terminated = (await ctx.log.intentDetail?.('terminate')) ?? null;
    return needsHuman('restore-by-hand', {
      instructions:
        'Create an image from the root snapshot (aws ec2 register-image), launch an instance from it with the recorded type, ' +
        'subnet, security groups and instance profile, then create volumes from the other snapshots in the same zone and ' +
        'attach them under the recorded device names. The instance gets a new id and new addresses.',
      snapshots: summary(snapshots),
      before: terminated,
    });
  },
};

function sources(facts: InstanceFacts): SourceVolume[] {
  return facts.volumes.map(({ volumeId, sizeGiB, encrypted }) => ({ volumeId, sizeGiB, encrypted, kmsKeyId: null }));
}

function snapshotEffect(ctx: ActionContext, facts: InstanceFacts): Omit<Effect, 'seen'> {
  const { plan, identity } = ctx;
  return {
    step: 'snapshot',
    before: { volumes: facts.volumes },
    scope: {
      action: 'ec2:CreateSnapshots',
      // The instance is what narrows it: only its own attached volumes can be meant.
      resources: [
        ec2Arn(plan, 'instance', plan.resourceId),
        ec2Arn(plan, 'volume', '*'),
        ec2Arn(plan, 'snapshot', '*'),
      ],
      role: 'destructive',
      tagsCreated: ec2Arn(plan, 'snapshot', '*'),
    },
    call: ({ ec2 }, DryRun) =>
      ec2.send(
        new CreateSnapshotsCommand({
          InstanceSpecification: { InstanceId: plan.resourceId },
          Description: `Idlewise, before terminating ${plan.resourceId}`,
          TagSpecifications: [
            {
              ResourceType: 'snapshot',
              Tags: [
                { Key: PLAN_TAG, Value: identity.planDigest },
                { Key: 'idlewise:instance', Value: plan.resourceId },
              ],
            },
          ],
          DryRun,
        }),
      ),
  };
}
