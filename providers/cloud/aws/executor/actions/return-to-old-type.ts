import type { ActionResult } from '../../../port.ts';
import { type ActionContext, checkpoint } from '../context.ts';
import { runEffect } from '../effect.ts';
import { CallRefused, Halt } from '../halt.ts';
import {
  lookInstance,
  modifyTypeEffect,
  peekInstance,
  startEffect,
  stopEffect,
  waitHealthy,
  waitStopped,
} from '../instance-steps.ts';

export const RETURN_STEPS = ['return-stop', 'return-modify', 'return-start'] as const;

/**
 * Brings the instance back up as what it was, from wherever the resize stands. Once: when this fails too, a person is told
 * what state it is in, and nothing loops.
 */
export async function returnToOldType(
  ctx: ActionContext,
  { from, because }: { from: string; because: string },
): Promise<ActionResult> {
  try {
    const row = await peekInstance(ctx);
    const current = row?.InstanceType ?? from;
    if (current !== from || (await ctx.log.hasIntent('return-modify'))) {
      if (row?.State.Name === 'pending' || row?.State.Name === 'running') {
        if (current !== from)
          await runEffect(ctx, stopEffect(ctx, 'return-stop', { state: row.State.Name, instanceType: current }));
      }
      if (current !== from) await waitStopped(ctx, true);
      await runEffect(ctx, modifyTypeEffect(ctx, 'return-modify', { from: current, to: from }));
      await checkpoint(ctx);
    } else if (row?.State.Name === 'stopping') {
      await waitStopped(ctx, true);
    }
    await runEffect(ctx, startEffect(ctx, 'return-start', { state: 'stopped', instanceType: from }));
    await waitHealthy(ctx);
  } catch (error) {
    if (error instanceof CallRefused)
      throw new Halt('needs-human', [because, `${error.step}:${error.reason}`], { from });
    if (error instanceof Halt) throw new Halt('needs-human', [because, ...error.reasons], { from, ...error.detail });
    throw error;
  }
  const after = await lookInstance(ctx);
  return { result: 'rolled-back', reasons: [because], detail: { instanceType: from, after, done: [...ctx.done] } };
}
