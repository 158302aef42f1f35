import type { ActionResult } from '../../../../ports/cloud.ts';
import { type RunContext, touched } from './context.ts';
import { isTransient } from './failure.ts';
import { CallRefused, Halt } from './halt.ts';

/**
 * Turns the ways an action can end early into its result. Refused before anything was touched is a block; refused half way is
 * for a person, with the state the asset was left in as `parked:<state>`.
 */
export async function concluding(ctx: RunContext, act: () => Promise<ActionResult>): Promise<ActionResult> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof CallRefused) {
      if (!touched(ctx) && error.reason !== 'unauthorised' && (await ctx.look()) === null) {
        return { result: 'gone', detail: { step: error.step } };
      }
      const detail = { step: error.step, code: error.code, message: error.message };
      if (touched(ctx)) return park(ctx, [`${error.step}:${error.reason}`], detail);
      return { result: 'blocked-by-preflight', reasons: [`preflight:${error.reason}`], detail };
    }
    if (error instanceof Halt) {
      if (touched(ctx) || error.result === 'needs-human') return park(ctx, error.reasons, error.detail);
      return { result: error.result, reasons: error.reasons, detail: error.detail };
    }
    throw error;
  }
}

async function park(
  ctx: RunContext,
  reasons: readonly string[],
  detail: Record<string, unknown>,
): Promise<ActionResult> {
  const parked = await parkedState(ctx);
  return {
    result: 'needs-human',
    reasons: [...reasons, `parked:${parked}`],
    detail: { ...detail, parked, done: [...ctx.done], begunEarlier: [...ctx.begun] },
  };
}

/** The name of the state the asset is left in, e.g. `stopped-as-m5.large`. */
async function parkedState(ctx: RunContext): Promise<string> {
  try {
    const facts = await ctx.look();
    if (facts === null) return 'gone';
    return facts.kind === 'instance' ? `${facts.state}-as-${facts.instanceType}` : facts.state;
  } catch (error) {
    if (isTransient(error)) return 'unknown';
    throw error;
  }
}
