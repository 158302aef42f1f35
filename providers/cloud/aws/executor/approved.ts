import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../../schemas/option.ts';
import type { RegionalClients } from '../clients.ts';
import type { ActionContext } from './context.ts';
import { assertNoDrift } from './drift.ts';
import { Halt } from './halt.ts';
import { preflightCodes } from './preflight.ts';
import { resizeCodes } from './resize-compat.ts';

/** All pre-flight checks of a plan, those that cost calls included. Throws ProviderError. */
export async function allPreflightCodes(
  plan: Plan,
  facts: CloudFacts,
  read: Pick<RegionalClients, 'ec2'>,
): Promise<string[]> {
  const codes = preflightCodes(plan, facts);
  if (plan.action !== 'resize-instance' || facts.resourceType !== 'AWS::EC2::Instance') return codes;
  const target = plan.parameters['targetInstanceType'];
  // Already changed, by us before a crash or by somebody: nothing left to check, the action tells which.
  if (target === facts.instanceType) return codes;
  return [...codes, ...(await resizeCodes(read.ec2, facts, target))];
}

/**
 * The last look before the first change: still exactly what was approved (`turnedBack` by our own effects), and every
 * pre-flight check passes on what is really there (`now`).
 */
export async function assertApproved(
  ctx: ActionContext,
  { now, turnedBack }: { now: CloudFacts; turnedBack: CloudFacts },
): Promise<void> {
  assertNoDrift(ctx, turnedBack);
  const codes = await ctx.reading((read) => allPreflightCodes(ctx.plan, now, read));
  if (codes.length > 0) throw new Halt('blocked-by-preflight', codes);
}
