import {
  DescribeInstanceStatusCommand,
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import { ec2Arn } from '../arn.ts';
import { mapAwsError } from '../errors.ts';
import { readInstances } from '../reader/instances.ts';
import { parseAws } from '../reader/parse.ts';
import type { WireInstance } from '../reader/wire-instance.ts';
import { type ActionContext, pollUntil } from './context.ts';
import type { Effect } from './effect.ts';
import { Halt } from './halt.ts';

/** Full facts, or null when the instance is gone. Throws ProviderError. */
export async function lookInstance(ctx: ActionContext): Promise<InstanceFacts | null> {
  const facts = await ctx.look();
  return facts?.resourceType === 'AWS::EC2::Instance' ? facts : null;
}

/** One cheap call, for polls. Null when EC2 no longer knows it. */
export async function peekInstance(ctx: ActionContext): Promise<WireInstance | null> {
  const [row] = await ctx.reading(({ ec2 }) => readInstances(ec2, [ctx.plan.resourceId]));
  return row ?? null;
}

export function stopEffect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const ids = [ctx.plan.resourceId];
  return {
    step,
    before,
    scope: { action: 'ec2:StopInstances', resources: [instanceArn(ctx)], role: 'reversible' },
    seen: () => stateIn(ctx, ['stopping', 'stopped']),
    call: ({ ec2 }, DryRun) => ec2.send(new StopInstancesCommand({ InstanceIds: ids, DryRun })),
  };
}

export function startEffect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const ids = [ctx.plan.resourceId];
  return {
    step,
    before,
    scope: { action: 'ec2:StartInstances', resources: [instanceArn(ctx)], role: 'reversible' },
    seen: () => stateIn(ctx, ['pending', 'running']),
    call: ({ ec2 }, DryRun) => ec2.send(new StartInstancesCommand({ InstanceIds: ids, DryRun })),
  };
}

export function terminateEffect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const ids = [ctx.plan.resourceId];
  return {
    step,
    before,
    scope: { action: 'ec2:TerminateInstances', resources: [instanceArn(ctx)], role: 'destructive' },
    seen: () => stateIn(ctx, ['shutting-down', 'terminated', 'gone']),
    call: ({ ec2 }, DryRun) => ec2.send(new TerminateInstancesCommand({ InstanceIds: ids, DryRun })),
  };
}

export function modifyTypeEffect(
  ctx: ActionContext,
  step: string,
  change: { readonly from: string; readonly to: string },
): Effect {
  return {
    step,
    before: { instanceType: change.from },
    scope: {
      action: 'ec2:ModifyInstanceAttribute',
      resources: [instanceArn(ctx)],
      role: 'reversible',
      // The same action could lift a protection; this session can only change the type.
      condition: { StringEquals: { 'ec2:Attribute': ['InstanceType', 'instanceType'] } },
    },
    seen: async () => {
      const row = await peekInstance(ctx);
      return row?.InstanceType === change.to ? { instanceType: row.InstanceType } : null;
    },
    call: ({ ec2 }, DryRun) =>
      ec2.send(
        new ModifyInstanceAttributeCommand({
          InstanceId: ctx.plan.resourceId,
          InstanceType: { Value: change.to },
          DryRun,
        }),
      ),
  };
}

/** Waits for `stopped`. Anything but stopping on the way means that somebody else is at it. */
export async function waitStopped(ctx: ActionContext, killable: boolean): Promise<void> {
  await pollUntil(ctx, {
    what: 'stopped',
    timeoutMs: ctx.waits.transitionTimeoutMs,
    killable,
    look: async () => {
      const state = (await peekInstance(ctx))?.State.Name ?? 'gone';
      if (state === 'stopped') return true;
      if (state === 'stopping') return undefined;
      throw new Halt('needs-human', [`unexpected-state:${state}`]);
    },
  });
}

export async function waitTerminated(ctx: ActionContext): Promise<void> {
  await pollUntil(ctx, {
    what: 'terminated',
    timeoutMs: ctx.waits.transitionTimeoutMs,
    killable: false,
    look: async () => {
      const state = (await peekInstance(ctx))?.State.Name ?? 'terminated';
      return state === 'terminated' ? true : undefined;
    },
  });
}

/** Waits for `running` with both status checks passed. Falling back to stopped is how a lack of capacity can show late. */
export async function waitHealthy(ctx: ActionContext): Promise<void> {
  await pollUntil(ctx, {
    what: 'running-and-healthy',
    timeoutMs: ctx.waits.transitionTimeoutMs,
    killable: false,
    look: async () => {
      const row = await peekInstance(ctx);
      const state = row?.State.Name ?? 'gone';
      if (state === 'pending') return undefined;
      if (state !== 'running') {
        throw new Halt('needs-human', [`unexpected-state:${state}`], { stateReason: row?.StateReason ?? null });
      }
      return (await statusOk(ctx)) ? true : undefined;
    },
  });
}

const Status = z.object({
  InstanceStatus: z.object({ Status: z.string() }),
  SystemStatus: z.object({ Status: z.string() }),
});

async function statusOk(ctx: ActionContext): Promise<boolean> {
  const operation = 'ec2:DescribeInstanceStatus';
  const answer = await ctx
    .reading(({ ec2 }) => ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [ctx.plan.resourceId] })))
    .catch((error: unknown) => {
      throw mapAwsError(error, operation);
    });
  const [status] = parseAws(z.array(Status), answer.InstanceStatuses ?? [], operation);
  return status?.InstanceStatus.Status === 'ok' && status.SystemStatus.Status === 'ok';
}

async function stateIn(ctx: ActionContext, states: readonly string[]): Promise<{ state: string } | null> {
  const state = (await peekInstance(ctx))?.State.Name ?? 'gone';
  return states.includes(state) ? { state } : null;
}

function instanceArn(ctx: ActionContext): string {
  return ec2Arn(ctx.plan, 'instance', ctx.plan.resourceId);
}
