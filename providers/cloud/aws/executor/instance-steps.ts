import {
  DescribeInstanceStatusCommand,
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { Halt } from '../../shared/executor/halt.ts';
import { type InstanceSteps, lookInstance } from '../../shared/executor/instance-steps.ts';
import { keysOf } from '../../../../domain/clouds/aws/checklist.ts';
import { ec2Arn, ec2ServiceOf } from '../arn.ts';
import type { RegionalClients } from '../clients.ts';
import { mapAwsError } from '../errors.ts';
import { instanceRows, readInstances } from '../reader/instances.ts';
import { parseAws } from '../reader/parse.ts';
import type { WireInstance } from '../reader/wire-instance.ts';
import type { ActionContext } from './context.ts';
import type { Effect } from './effect.ts';
import { preflightWarnings } from './preflight.ts';
import type { ScopedCall } from './session-policy.ts';

/** How EC2 stops, changes, starts and terminates an instance. */
export const ec2Steps: InstanceSteps<RegionalClients, ScopedCall> = {
  async peek(ctx) {
    const row = await peekInstance(ctx);
    if (row === null) return null;
    return { state: row.State.Name, instanceType: row.InstanceType, reason: row.StateReason ?? null };
  },
  stop: stopEffect,
  start: startEffect,
  terminate: terminateEffect,
  modifyType: modifyTypeEffect,
  healthy: statusOk,
  warnings: preflightWarnings,
};

/** One cheap call, for polls. Null when EC2 no longer knows it. */
async function peekInstance(ctx: ActionContext): Promise<WireInstance | null> {
  const [row] = await ctx.reading(async ({ ec2 }) => instanceRows(await readInstances(ec2, [ctx.plan.resourceId])));
  return row ?? null;
}

function stopEffect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const ids = [ctx.plan.resourceId];
  return {
    step,
    before,
    scope: { action: 'ec2:StopInstances', resources: [instanceArn(ctx)], role: 'reversible' },
    seen: () => stateIn(ctx, ['stopping', 'stopped']),
    call: ({ ec2 }, DryRun) => ec2.send(new StopInstancesCommand({ InstanceIds: ids, DryRun })),
  };
}

async function startEffect(ctx: ActionContext, step: string, before: Record<string, unknown>): Promise<Effect> {
  const ids = [ctx.plan.resourceId];
  const facts = await lookInstance(ctx);
  if (facts?.volumes.some((v) => v.encrypted && !v.encryptionKeyId))
    throw new Halt('needs-human', ['unknown:kms_key'], { volumes: facts.volumes });
  return {
    step,
    before,
    scope: {
      action: 'ec2:StartInstances',
      resources: [instanceArn(ctx)],
      role: 'reversible',
      keys: { arns: facts === null ? [] : keysOf(facts), viaService: ec2ServiceOf(ctx.plan) },
    },
    seen: () => stateIn(ctx, ['pending', 'running']),
    call: ({ ec2 }, DryRun) => ec2.send(new StartInstancesCommand({ InstanceIds: ids, DryRun })),
  };
}

function terminateEffect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const ids = [ctx.plan.resourceId];
  return {
    step,
    before,
    scope: { action: 'ec2:TerminateInstances', resources: [instanceArn(ctx)], role: 'destructive' },
    seen: () => stateIn(ctx, ['shutting-down', 'terminated', 'gone']),
    call: ({ ec2 }, DryRun) => ec2.send(new TerminateInstancesCommand({ InstanceIds: ids, DryRun })),
  };
}

function modifyTypeEffect(
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
