import { driftBetween, planRelevantFacts, withExpectedState } from '../../../../domain/state-facts.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import { digestOf } from '../../../../schemas/digest.ts';
import type { RunContext } from './context.ts';
import { Halt } from './halt.ts';

/** States an approved plan can have started from. */
const STARTING_STATES = [
  'running',
  'stopped',
  'stopped-allocated',
  'suspended',
  'available',
  'in-use',
  'associated',
  'unassociated',
  'active',
];

/**
 * Refuses when the asset is no longer what was approved. `now` must already be turned back by our own effects, see
 * `withExpectedState`.
 */
export function assertNoDrift(ctx: RunContext, now: CloudFacts): void {
  if (matches(ctx, now)) return;
  const named = ctx.given ? driftBetween(atState(ctx.given, now.state), now) : [];
  if (named.length > 0) throw new Halt('blocked-by-drift', named);
  const onlyState = STARTING_STATES.some((state) => matches(ctx, atState(now, state)));
  throw new Halt('blocked-by-drift', [onlyState ? 'drift:state' : 'drift:state-digest']);
}

function matches(ctx: RunContext, facts: CloudFacts): boolean {
  return digestOf(planRelevantFacts(facts)) === ctx.plan.stateDigest;
}

function atState(facts: CloudFacts, state: string): CloudFacts {
  return withExpectedState(facts, state as never);
}
