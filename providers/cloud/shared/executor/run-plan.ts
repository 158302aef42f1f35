import { setTimeout as delay } from 'node:timers/promises';
import { providerOf } from '../../../../domain/resource-kinds.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { ActionName, Plan } from '../../../../schemas/option.ts';
import { digestOf } from '../../../../schemas/digest.ts';
import { ProviderError, ProviderErrorKind } from '../../../../ports/errors.ts';
import type {
  ActionResult,
  CloudExecutor,
  EffectLog,
  ExecutionIdentity,
  ExecutorWaits,
} from '../../../../ports/cloud.ts';
import type { Action } from './action.ts';
import { concluding } from './conclude.ts';
import type { ActionContext, CallScope, Session } from './context.ts';
import type { Failures } from './failure.ts';

export interface PlanCall {
  readonly plan: Plan;
  readonly identity: ExecutionIdentity;
  readonly log: EffectLog;
}

/** What a cloud brings to be an executor. */
export interface ExecutorParts<S extends Session, C extends CallScope> {
  readonly vendor: string;
  readonly failures: Failures;
  /** An action that is absent does not exist in this cloud. */
  readonly actions: Partial<Readonly<Record<ActionName, Action<ActionContext<S, C>>>>>;
  describe(asset: AssetRef): Promise<CloudFacts | null>;
  preflight(plan: Plan, facts: CloudFacts): Promise<readonly string[]>;
  reading<T>(asset: AssetRef, read: (session: S) => Promise<T>): Promise<T>;
  /** Clients for one call of one plan. @throws CallRefused when the identity is denied, ProviderError otherwise */
  issue(call: PlanCall, step: string, scope: C): Promise<S>;
  /** Around everything one call of the executor does. @default just does it */
  readonly during?: <T>(change: () => Promise<T>) => Promise<T>;
  readonly waits: ExecutorWaits;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly now?: () => number;
}

/** Changes one cloud, one approved plan at a time. Every method may be called again after a crash with the same log. */
export function executorFrom<S extends Session, C extends CallScope>(parts: ExecutorParts<S, C>): CloudExecutor {
  const { vendor, failures, actions, waits, sleep = (ms) => delay(ms), now = Date.now } = parts;
  const { during = (change) => change() } = parts;

  const run = (
    call: PlanCall & { facts: CloudFacts | null },
    phase: (action: Action<ActionContext<S, C>>) => (ctx: ActionContext<S, C>) => Promise<ActionResult>,
  ): Promise<ActionResult> => {
    const { plan, facts, log, identity } = call;
    assertSamePlan(vendor, call);
    const action = actions[plan.action];
    if (action === undefined)
      throw fault(vendor, `${plan.action} does not exist in ${vendor}; nothing was called, make another plan`);
    const asset = assetOf(plan);
    const ctx: ActionContext<S, C> = {
      plan,
      asset,
      log,
      identity,
      failures,
      waits,
      sleep,
      now,
      given: facts,
      reading: (read) => parts.reading(asset, read),
      issue: (step, scope) => parts.issue({ plan, identity, log }, step, scope),
      look: () => parts.describe(asset),
      preflight: (fresh) => parts.preflight(plan, fresh),
      done: [],
      begun: new Set(),
    };
    return during(() => concluding(ctx, () => phase(action)(ctx)));
  };

  return {
    vendor,
    describe: (asset) => parts.describe(asset),
    preflight: (plan, facts) => parts.preflight(plan, facts),
    apply: async (plan, facts, log, identity) => run({ plan, facts, log, identity }, (action) => action.apply),
    complete: async (plan, facts, log, identity) =>
      run({ plan, facts, log, identity }, (action) => action.complete ?? action.apply),
    rollback: async (plan, facts, log, identity) => run({ plan, facts, log, identity }, (action) => action.rollback),
  };
}

/** The asset a plan is about. */
export function assetOf(plan: Plan): AssetRef {
  const { assetKey, accountId, region, resourceType, resourceId } = plan;
  return { assetKey, provider: providerOf(resourceType), accountId, region, resourceType, resourceId };
}

function assertSamePlan(vendor: string, { plan, identity }: PlanCall): void {
  if (digestOf(plan) === identity.planDigest && plan.remediationId === identity.remediationId) return;
  throw fault(
    vendor,
    'the plan is not the one the identity names: its digest or remediation differs; nothing was called',
  );
}

function fault(provider: string, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.Terminal, provider, operation: 'execute', message });
}
