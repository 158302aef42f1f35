import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../../schemas/option.ts';
import type { RegionalClients } from '../clients.ts';
import { preflightCodes } from './preflight.ts';
import { resizeCodes } from './resize-compat.ts';

/** All pre-flight checks of a plan, those that cost calls included. Throws ProviderError. */
export async function allPreflightCodes(
  plan: Plan,
  facts: CloudFacts,
  read: Pick<RegionalClients, 'ec2'>,
): Promise<string[]> {
  const codes = preflightCodes(plan, facts);
  if (plan.action !== 'resize-instance' || facts.kind !== 'instance') return codes;
  const target = plan.parameters['targetInstanceType'];
  // Already changed, by us before a crash or by somebody: nothing left to check, the action tells which.
  if (target === facts.instanceType) return codes;
  return [...codes, ...(await resizeCodes(read.ec2, facts, target))];
}
