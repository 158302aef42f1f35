import { CHECKLIST } from '../../../../domain/clouds/azure/checklist.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../../schemas/option.ts';
import { preflightCodes as codesOf } from '../../shared/executor/preflight.ts';
import { parseId } from '../ids.ts';

/** What the checklist of Azure refuses; see the shared one. */
export function preflightCodes(plan: Plan, facts: CloudFacts): string[] {
  const path = parseId(plan.assetKey);
  const named =
    path !== null &&
    path.subscriptionId === plan.accountId &&
    path.type === plan.resourceType.toLowerCase() &&
    plan.assetKey === plan.resourceId &&
    plan.assetKey === plan.assetKey.toLowerCase();
  return codesOf(CHECKLIST, { plan, facts, provider: 'azure', named });
}
