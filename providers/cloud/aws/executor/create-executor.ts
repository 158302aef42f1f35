import { setTimeout as delay } from 'node:timers/promises';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { ActionName, Plan } from '../../../../schemas/option.ts';
import { digestOf } from '../../../digest.ts';
import { ProviderError, ProviderErrorKind } from '../../../errors.ts';
import type { ActionResult, CloudExecutor, EffectLog, ExecutionIdentity, ExecutorWaits } from '../../port.ts';
import type { AwsClients } from '../clients.ts';
import { withFreshSession } from '../fresh-session.ts';
import { describeAssets } from '../reader/describe-assets.ts';
import type { AwsAction } from './actions/action.ts';
import { deleteLoadBalancer } from './actions/delete-load-balancer.ts';
import { releaseAddress } from './actions/release-address.ts';
import { resizeInstance } from './actions/resize-instance.ts';
import { snapshotAndDeleteVolume } from './actions/snapshot-and-delete-volume.ts';
import { snapshotAndTerminateInstance } from './actions/snapshot-and-terminate-instance.ts';
import { stopInstance } from './actions/stop-instance.ts';
import { allPreflightCodes } from './approved.ts';
import { concluding } from './conclude.ts';
import type { ActionContext } from './context.ts';
import { issueSession } from './session.ts';

export interface AwsExecutorOptions {
  /** Clients of the executor's own identity, `role: 'reversible'`: they only read; effects get sessions of their own. */
  readonly clients: AwsClients;
  readonly waits: ExecutorWaits;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly now?: () => number;
}

const ACTIONS: Readonly<Record<ActionName, AwsAction>> = {
  'stop-instance': stopInstance,
  'snapshot-and-terminate-instance': snapshotAndTerminateInstance,
  'resize-instance': resizeInstance,
  'snapshot-and-delete-volume': snapshotAndDeleteVolume,
  'release-address': releaseAddress,
  'delete-load-balancer': deleteLoadBalancer,
};

/** Changes AWS, one approved plan at a time. Every method may be called again after a crash with the same log. */
export function createAwsExecutor(options: AwsExecutorOptions): CloudExecutor {
  const { clients, waits, sleep = (ms) => delay(ms), now = Date.now } = options;
  const describe = async (asset: AssetRef): Promise<CloudFacts | null> => {
    const facts = await withFreshSession(clients, asset, (read) => describeAssets(read, [asset], { detailed: true }));
    return facts.get(asset.assetKey) ?? null;
  };

  const run = (
    plan: Plan,
    call: { facts: CloudFacts | null; log: EffectLog; identity: ExecutionIdentity },
    phase: (action: AwsAction) => AwsAction['apply'],
  ): Promise<ActionResult> => {
    const { facts, log, identity } = call;
    assertSamePlan(plan, identity);
    const asset = assetOf(plan);
    const ctx: ActionContext = {
      plan,
      asset,
      log,
      identity,
      waits,
      sleep,
      now,
      given: facts,
      reading: (read) => withFreshSession(clients, asset, read),
      issue: (step, scope) => issueSession(clients, { plan, identity, log, step, call: scope }),
      look: () => describe(asset),
      done: [],
      begun: new Set(),
    };
    return clients.duringChange(() => concluding(ctx, () => phase(ACTIONS[plan.action])(ctx)));
  };

  return {
    vendor: 'aws',
    describe,
    preflight: (plan, facts) =>
      withFreshSession(clients, assetOf(plan), (read) => allPreflightCodes(plan, facts, read)),
    apply: async (plan, facts, log, identity) => run(plan, { facts, log, identity }, (action) => action.apply),
    complete: async (plan, facts, log, identity) =>
      run(plan, { facts, log, identity }, (action) => action.complete ?? action.apply),
    rollback: async (plan, facts, log, identity) => run(plan, { facts, log, identity }, (action) => action.rollback),
  };
}

function assetOf(plan: Plan): AssetRef {
  const { assetKey, accountId, region, resourceType, resourceId } = plan;
  return { assetKey, provider: 'aws', accountId, region, resourceType, resourceId };
}

function assertSamePlan(plan: Plan, identity: ExecutionIdentity): void {
  if (digestOf(plan) === identity.planDigest && plan.remediationId === identity.remediationId) return;
  throw new ProviderError({
    kind: ProviderErrorKind.Terminal,
    provider: 'aws',
    operation: 'execute',
    message: 'the plan is not the one the identity names: its digest or remediation differs; nothing was called',
  });
}
