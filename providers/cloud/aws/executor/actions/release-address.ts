import { AllocateAddressCommand, DescribeAddressesCommand, ReleaseAddressCommand } from '@aws-sdk/client-ec2';
import type { ActionResult } from '../../../../../ports/cloud.ts';
import { goneResult, needsHuman } from '../../../shared/executor/action.ts';
import {
  lookAddress,
  releaseAddress as release,
  releasedAddress,
} from '../../../shared/executor/actions/release-address.ts';
import { recallBegun } from '../../../shared/executor/context.ts';
import { runEffect } from '../../../shared/executor/effect.ts';
import { CallRefused, Halt } from '../../../shared/executor/halt.ts';
import { ec2Arn } from '../../arn.ts';
import { mapAwsError } from '../../errors.ts';
import type { ActionContext } from '../context.ts';
import type { Effect } from '../effect.ts';
import { RESTORED_FROM } from './volume-tags.ts';

/** An Elastic IP. */
export const releaseAddress = release({ release: releaseEffect, restore });

function releaseEffect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  return {
    step,
    before,
    scope: {
      action: 'ec2:ReleaseAddress',
      resources: [ec2Arn(ctx.plan, 'elastic-ip', ctx.plan.resourceId)],
      role: 'destructive',
    },
    seen: async () => ((await lookAddress(ctx)) === null ? { state: 'released' } : null),
    // By allocation, never by IP: a released IP may be somebody else's by now.
    call: ({ ec2 }, DryRun) => ec2.send(new ReleaseAddressCommand({ AllocationId: ctx.plan.resourceId, DryRun })),
  };
}

/** Asks for the same address again; EC2 grants it only while nobody else has it. */
async function restore(ctx: ActionContext): Promise<ActionResult> {
  const step = 'rollback-allocate';
  const released = (await recallBegun(ctx, ['release', step])).has('release');
  if ((await lookAddress(ctx)) !== null) return { result: 'already-satisfied', detail: { state: 'still-allocated' } };
  if (!released) return goneResult(ctx, []);
  const before = await releasedAddress(ctx);
  const publicIp = before?.publicIp ?? ctx.plan.parameters['publicIp'];
  if (!publicIp) return needsHuman('rollback-allocate:address-unknown', { allocationId: ctx.plan.resourceId });
  const tags = Object.entries(before?.tags ?? {}).filter(([key]) => !key.startsWith('aws:'));
  try {
    await runEffect(ctx, {
      step,
      before: { publicIp },
      scope: {
        action: 'ec2:AllocateAddress',
        resources: [ec2Arn(ctx.plan, 'elastic-ip', '*')],
        role: 'destructive',
        tagsCreated: ec2Arn(ctx.plan, 'elastic-ip', '*'),
      },
      seen: async () => {
        const allocationId = await restoredAddress(ctx);
        return allocationId === null ? null : { allocationId };
      },
      call: ({ ec2 }, DryRun) =>
        ec2.send(
          new AllocateAddressCommand({
            Domain: 'vpc',
            Address: publicIp,
            TagSpecifications: [
              {
                ResourceType: 'elastic-ip',
                Tags: [
                  ...tags.map(([Key, Value]) => ({ Key, Value })),
                  { Key: RESTORED_FROM, Value: ctx.identity.planDigest },
                ],
              },
            ],
            DryRun,
          }),
        ),
    });
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error;
    return needsHuman(`rollback-allocate:${error.reason}`, { publicIp, message: error.message });
  }
  const allocationId = await restoredAddress(ctx);
  if (allocationId === null) throw new Halt('needs-human', ['rollback-allocate:not-found']);
  return { result: 'rolled-back', reasons: ['restored:new-allocation-id'], detail: { allocationId, publicIp } };
}

async function restoredAddress(ctx: ActionContext): Promise<string | null> {
  const Filters = [{ Name: `tag:${RESTORED_FROM}`, Values: [ctx.identity.planDigest] }];
  const answer = await ctx
    .reading(({ ec2 }) => ec2.send(new DescribeAddressesCommand({ Filters })))
    .catch((error: unknown) => {
      throw mapAwsError(error, 'ec2:DescribeAddresses');
    });
  return answer.Addresses?.[0]?.AllocationId ?? null;
}
