import type { ActionResult } from '../../../../ports/cloud.ts';
import { type RunContext, recallBegun } from './context.ts';

/** One of the things that can be done, in the executor's terms. */
export interface Action<X extends RunContext> {
  readonly apply: (ctx: X) => Promise<ActionResult>;
  /** Second phase; actions without one finish in `apply`, and completing them is applying them again. */
  readonly complete?: (ctx: X) => Promise<ActionResult>;
  readonly rollback: (ctx: X) => Promise<ActionResult>;
}

/** The asset is not there. Open INTENTs get their RESULT, so that the trail does not end in the middle. */
export async function goneResult(ctx: RunContext, steps: readonly string[]): Promise<ActionResult> {
  for (const step of await recallBegun(ctx, steps)) await ctx.log.result(step, { state: 'gone' });
  return { result: 'gone', detail: { assetKey: ctx.plan.assetKey } };
}

export function needsHuman(reason: string, detail: Record<string, unknown>): ActionResult {
  return { result: 'needs-human', reasons: [reason], detail };
}
