import { type Checklist, refusals } from '../../../../domain/clouds/checklist.ts';
import { kindOf, providerOf } from '../../../../domain/resource-kinds.ts';
import { ACTIONS } from '../../../../schemas/actions.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../../schemas/option.ts';
import type { CloudProvider } from '../../../../schemas/resource-type.ts';

export interface PreflightQuestion {
  readonly plan: Plan;
  readonly facts: CloudFacts;
  readonly provider: CloudProvider;
  /** What only the cloud can tell: the asset key names this id, account and place. */
  readonly named: boolean;
}

/**
 * Every check that fails or cannot be answered, as `preflight:<code>` or `preflight:unknown:<code>`: the plan is about this
 * asset, and the cloud's checklist, which the options were held to as well. Pure. States our own half-done work leaves behind
 * (stopped, of the target type) pass here; the action itself tells ours from others'.
 */
export function preflightCodes(checklist: Checklist, { plan, facts, provider, named }: PreflightQuestion): string[] {
  const same =
    named &&
    facts.resourceId === plan.resourceId &&
    facts.accountId === plan.accountId &&
    facts.region === plan.region &&
    facts.assetKey === plan.assetKey;
  const fits =
    providerOf(plan.resourceType) === provider &&
    kindOf(plan.resourceType) === ACTIONS[plan.action].kind &&
    facts.resourceType === plan.resourceType &&
    facts.kind === ACTIONS[plan.action].kind;
  return [
    ...(same ? [] : ['id_account_region_match']),
    ...(fits ? refusals(checklist, plan.action, facts) : ['action_resource_mismatch']),
  ].map((code) => `preflight:${code}`);
}
