import { AllocateAddressCommand, DescribeAddressesCommand, ReleaseAddressCommand } from '@aws-sdk/client-ec2';
import type { AddressFacts } from '../../../../../schemas/cloud-facts.ts';
import { ec2Arn } from '../../arn.ts';
import { mapAwsError } from '../../errors.ts';
import { assertApproved } from '../approved.ts';
import { type ActionContext, recallBegun } from '../context.ts';
import { runEffect } from '../effect.ts';
import { CallRefused, Halt } from '../halt.ts';
import { type AwsAction, goneResult, needsHuman } from './action.ts';
import { RESTORED_FROM } from './volume-tags.ts';

/** Gives the address back. Irreversible in earnest: anyone may get it next. */
export const releaseAddress: AwsAction = {
  async apply(ctx) {
    const begun = (await recallBegun(ctx, ['release'])).has('release');
    const now = await lookAddress(ctx);
    if (now === null) {
      if (!begun) return goneResult(ctx, []);
      await ctx.log.result('release', { state: 'released', reconstructed: true });
      return { result: 'applied', detail: { state: 'released' } };
    }
    await assertApproved(ctx, { now, turnedBack: now });
    const by = await runEffect(ctx, {
      step: 'release',
      before: { facts: now },
      scope: {
        action: 'ec2:ReleaseAddress',
        resources: [ec2Arn(ctx.plan, 'elastic-ip', ctx.plan.resourceId)],
        role: 'destructive',
      },
      seen: async () => ((await lookAddress(ctx)) === null ? { state: 'released' } : null),
      // By allocation, never by IP: a released IP may be somebody else's by now.
      call: ({ ec2 }, DryRun) => ec2.send(new ReleaseAddressCommand({ AllocationId: ctx.plan.resourceId, DryRun })),
    });
    if (by === 'others') return goneResult(ctx, []);
    return { result: 'applied', detail: { before: now, state: 'released' } };
  },

  /** Asks for the same address again; EC2 grants it only while nobody else has it. */
  async rollback(ctx) {
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
  },
};

async function lookAddress(ctx: ActionContext): Promise<AddressFacts | null> {
  const facts = await ctx.look();
  return facts?.resourceType === 'AWS::EC2::EIP' ? facts : null;
}

/** What the INTENT of the release recorded, when the log can say. */
async function releasedAddress(ctx: ActionContext): Promise<Pick<AddressFacts, 'publicIp' | 'tags'> | null> {
  const intent = (await ctx.log.intentDetail?.('release')) as { before?: { facts?: AddressFacts } } | null | undefined;
  const facts = intent?.before?.facts;
  return facts?.resourceType === 'AWS::EC2::EIP' ? facts : null;
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
