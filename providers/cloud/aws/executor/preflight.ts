import { CHECKLIST } from '../../../../domain/clouds/aws/checklist.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../../schemas/option.ts';
import { preflightCodes as codesOf } from '../../shared/executor/preflight.ts';
import { expectedArn, placeOf } from '../arn.ts';

/** What the checklist of AWS refuses; see the shared one. */
export function preflightCodes(plan: Plan, facts: CloudFacts): string[] {
  const place = placeOf(plan.assetKey);
  const named =
    expectedArn(plan) === plan.assetKey && place?.accountId === plan.accountId && place.region === plan.region;
  return codesOf(CHECKLIST, { plan, facts, provider: 'aws', named });
}

/** Worth telling, not worth refusing: what a stop changes although the plan stays right. */
export function preflightWarnings(facts: CloudFacts): string[] {
  if (facts.kind !== 'instance') return [];
  const warnings: string[] = [];
  if (facts.publicIp !== null && facts.staticAddressId === null) warnings.push('public_ip_without_eip');
  if (facts.staticAddressId !== null) warnings.push('eip_attached');
  if (facts.volumes.some((v) => !v.deletedWithInstance)) warnings.push('volumes_survive_termination');
  return warnings;
}
