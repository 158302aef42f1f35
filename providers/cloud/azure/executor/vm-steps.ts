import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import type { InstanceSteps } from '../../shared/executor/instance-steps.ts';
import type { AzureSession } from '../clients.ts';
import { stateOf } from '../reader/vm-state.ts';
import { readVm } from '../reader/vms.ts';
import type { WireVm } from '../reader/wire-vm.ts';
import type { ActionContext, AzureScope, Effect } from './context.ts';
import { drive, type Operation } from './drive.ts';
import { placeOf } from './place.ts';

const ACTION = 'Microsoft.Compute/virtualMachines';

/** How Azure deallocates, resizes, starts and deletes a virtual machine. */
export const vmSteps: InstanceSteps<AzureSession, AzureScope> = {
  peek: async (ctx) => {
    const row = await peekVm(ctx);
    return row === null ? null : { state: row.state, instanceType: row.wire.hardwareProfile.vmSize };
  },
  stop: (ctx, step, before) => ({
    ...common(ctx, step, before),
    scope: scopeOf(ctx, `${ACTION}/deallocate/action`, 'reversible'),
    seen: () => stateIn(ctx, ['stopping', 'stopped']),
    call: ({ compute }) =>
      drive(ctx, step, async () => {
        const { resourceGroup, name } = placeOf(ctx.plan);
        return started(compute.virtualMachines.deallocate(resourceGroup, name, every(ctx)));
      }),
  }),
  start: (ctx, step, before) => ({
    ...common(ctx, step, before),
    scope: scopeOf(ctx, `${ACTION}/start/action`, 'reversible'),
    seen: () => stateIn(ctx, ['pending', 'running']),
    call: ({ compute }) =>
      drive(ctx, step, async () => {
        const { resourceGroup, name } = placeOf(ctx.plan);
        return started(compute.virtualMachines.start(resourceGroup, name, every(ctx)));
      }),
  }),
  terminate: (ctx, step, before) => ({
    ...common(ctx, step, before),
    scope: scopeOf(ctx, `${ACTION}/delete`, 'destructive'),
    seen: () => stateIn(ctx, ['shutting-down', 'gone']),
    call: ({ compute }) =>
      drive(ctx, step, async () => {
        const { resourceGroup, name } = placeOf(ctx.plan);
        return started(compute.virtualMachines.delete(resourceGroup, name, every(ctx)));
      }),
  }),
  modifyType,
  /** A machine without a healthy agent says nothing of itself; that it runs and is provisioned is all Azure knows. */
  healthy: async (ctx) => (await peekVm(ctx))?.wire.provisioningState === 'Succeeded',
  warnings,
};

function modifyType(ctx: ActionContext, step: string, change: { readonly from: string; readonly to: string }): Effect {
  return {
    ...common(ctx, step, { instanceType: change.from }),
    scope: scopeOf(ctx, `${ACTION}/write`, 'reversible'),
    seen: async () => {
      const row = await peekVm(ctx);
      return row?.wire.hardwareProfile.vmSize === change.to ? { instanceType: change.to } : null;
    },
    call: async ({ compute }) => {
      const { resourceGroup, name } = placeOf(ctx.plan);
      // Only the machine we have just looked at may change: with another ETag somebody was here in between.
      const etag = (await peekVm(ctx))?.wire.etag;
      await drive(ctx, step, async () =>
        started(
          compute.virtualMachines.update(
            resourceGroup,
            name,
            { hardwareProfile: { vmSize: change.to } },
            { ...every(ctx), ...(etag ? { ifMatch: etag } : {}) },
          ),
        ),
      );
    },
  };
}

/** Worth telling, not worth refusing. */
export function warnings(facts: InstanceFacts): string[] {
  const found: string[] = [];
  if (facts.publicIp !== null && facts.staticAddressId === null) found.push('dynamic_public_ip_is_lost');
  if (facts.staticAddressId !== null) found.push('static_public_ip_stays_billed');
  if (facts.volumes.some((v) => !v.deletedWithInstance)) found.push('volumes_survive_termination');
  return found;
}

/** One cheap call, for polls. Null when Azure no longer knows it. */
export async function peekVm(ctx: ActionContext): Promise<{ wire: WireVm; state: InstanceFacts['state'] } | null> {
  const wire = await ctx.reading((session) => readVm(session, ctx.plan.assetKey));
  return wire === null ? null : { wire, state: stateOf(wire.instanceView, wire.provisioningState) };
}

/** Every change of Azure is made without a rehearsal: there is none. */
export function common(ctx: ActionContext, step: string, before: Record<string, unknown>) {
  return { step, before: { ...before, decisionId: ctx.identity.decisionId }, dryRun: false } as const;
}

export function scopeOf(ctx: ActionContext, action: string, role: AzureScope['role']): AzureScope {
  return { action, resources: [ctx.plan.assetKey], role };
}

export function every(ctx: ActionContext): { updateIntervalInMs: number } {
  return { updateIntervalInMs: ctx.waits.pollMs };
}

/** The newer clients send nothing before they are asked to, and what they return is a promise of the end: hence the wrapping. */
export async function started(poller: {
  submitted(): Promise<void>;
  poll(): Promise<unknown>;
  readonly isDone: boolean;
}): Promise<Operation> {
  await poller.submitted();
  return { poll: () => poller.poll(), isDone: () => poller.isDone };
}

async function stateIn(ctx: ActionContext, states: readonly string[]): Promise<{ state: string } | null> {
  const state = (await peekVm(ctx))?.state ?? 'gone';
  return states.includes(state) ? { state } : null;
}
