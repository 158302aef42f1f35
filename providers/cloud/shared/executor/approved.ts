import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { RunContext } from './context.ts';
import { assertNoDrift } from './drift.ts';
import { Halt } from './halt.ts';

/**
 * The last look before the first change: still exactly what was approved (`turnedBack` by our own effects), and every
 * pre-flight check passes on what is really there (`now`).
 */
export async function assertApproved(
  ctx: RunContext,
  { now, turnedBack }: { now: CloudFacts; turnedBack: CloudFacts },
): Promise<void> {
  assertNoDrift(ctx, turnedBack);
  const codes = await ctx.preflight(now);
  if (codes.length > 0) throw new Halt('blocked-by-preflight', codes);
}
