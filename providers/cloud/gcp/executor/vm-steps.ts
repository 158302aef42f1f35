import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import type { InstanceSteps, Make } from '../../shared/executor/instance-steps.ts';
import type { GcpSession } from '../clients.ts';
import { lastPart, pathOf } from '../ids.ts';
import { stateOf } from '../reader/instance-state.ts';
import { readInstance } from '../reader/instances.ts';
import { common, scopeOf } from './common.ts';
import type { ActionContext, Effect, GcpScope } from './context.ts';
import { drive } from './drive.ts';
import { requestIdOf } from './request-id.ts';

/** How Google Cloud stops, resizes, starts and deletes an instance. */
export const vmSteps: InstanceSteps<GcpSession, GcpScope> = {
  async peek(ctx) {
    const row = await peekInstance(ctx);
    return row === null ? null : { state: stateOf(row), instanceType: lastPart(row.machineType) };
  },
  stop: effect('stop', 'reversible', ['stopping', 'stopped']),
  start: effect('start', 'reversible', ['pending', 'running']),
  terminate: effect('delete', 'destructive', ['shutting-down', 'gone']),
  modifyType,
  /** Google does not look into a machine; that it runs is all it knows. */
  healthy: async (ctx) => (await peekInstance(ctx))?.status === 'RUNNING',
  warnings,
};

function effect(
  verb: 'stop' | 'start' | 'delete',
  role: GcpScope['role'],
  seen: readonly string[],
): Make<GcpSession, GcpScope> {
  return (ctx, step, before) => ({
    ...common(ctx, step, before),
    scope: scopeOf(ctx, `compute.instances.${verb}`, role),
    seen: () => stateIn(ctx, seen),
    call: (session) => drive(ctx, step, session, () => session.compute.instances[verb](target(ctx, step))),
  });
}

function modifyType(ctx: ActionContext, step: string, change: { readonly from: string; readonly to: string }): Effect {
  return {
    ...common(ctx, step, { instanceType: change.from }),
    scope: scopeOf(ctx, 'compute.instances.setMachineType', 'reversible'),
    seen: async () => {
      const row = await peekInstance(ctx);
      return row !== null && lastPart(row.machineType) === change.to ? { instanceType: change.to } : null;
    },
    call: (session) =>
      drive(ctx, step, session, () => {
        const machineType = `zones/${pathOf(ctx.plan.assetKey).place}/machineTypes/${change.to}`;
        return session.compute.instances.setMachineType({ ...target(ctx, step), requestBody: { machineType } });
      }),
  };
}

/** Worth telling, not worth refusing. */
export function warnings(facts: InstanceFacts): string[] {
  const found: string[] = [];
  if (facts.publicIp !== null && facts.staticAddressId === null) found.push('ephemeral_external_ip_is_lost');
  if (facts.staticAddressId !== null) found.push('static_external_ip_stays_billed');
  if (facts.volumes.some((v) => !v.deletedWithInstance)) found.push('volumes_survive_termination');
  if (facts.state === 'suspended') found.push('suspended_memory_is_lost');
  return found;
}

/** One cheap call, for polls. Null when Google no longer knows it. */
function peekInstance(ctx: ActionContext) {
  return ctx.reading((session) => readInstance(session, ctx.plan.assetKey));
}

function target(ctx: ActionContext, step: string) {
  const { projectId: project, place: zone, name: instance } = pathOf(ctx.plan.assetKey);
  return { project, zone, instance, requestId: requestIdOf(ctx, step) };
}

async function stateIn(ctx: ActionContext, states: readonly string[]): Promise<{ state: string } | null> {
  const row = await peekInstance(ctx);
  const state = row === null ? 'gone' : stateOf(row);
  return states.includes(state) ? { state } : null;
}
