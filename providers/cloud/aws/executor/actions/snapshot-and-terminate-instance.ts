import { CreateSnapshotsCommand } from '@aws-sdk/client-ec2';
import type { InstanceFacts } from '../../../../../schemas/cloud-facts.ts';
import { snapshotAndTerminateInstance as terminate } from '../../../shared/executor/actions/snapshot-and-terminate-instance.ts';
import { ec2Arn } from '../../arn.ts';
import type { ActionContext } from '../context.ts';
import type { Effect } from '../effect.ts';
import { ec2Steps } from '../instance-steps.ts';
import {
  ensureSnapshots,
  PLAN_TAG,
  planSnapshots,
  type SourceVolume,
  summary,
  verifiedSnapshots,
} from '../snapshots.ts';

/** All disks in one call, so that their snapshots are of one moment. */
export const snapshotAndTerminateInstance = terminate(ec2Steps, {
  ensure: async (ctx, facts) => summary(await ensureSnapshots(ctx, snapshotEffect(ctx, facts), sources(facts))),
  verified: async (ctx, facts) => summary(await verifiedSnapshots(ctx, sources(facts))),
  kept: async (ctx) => summary(await planSnapshots(ctx)),
  instructions:
    'Create an image from the root snapshot (aws ec2 register-image), launch an instance from it with the recorded type, ' +
    'subnet, security groups and instance profile, then create volumes from the other snapshots in the same zone and ' +
    'attach them under the recorded device names. The instance gets a new id and new addresses.',
});

function sources(facts: InstanceFacts): SourceVolume[] {
  return facts.volumes.map(({ volumeId, sizeGiB, encrypted, encryptionKeyId = null }) => ({
    volumeId,
    sizeGiB,
    encrypted,
    encryptionKeyId,
  }));
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
