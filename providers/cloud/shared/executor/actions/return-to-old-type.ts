import type { ActionResult } from '../../../../../ports/cloud.ts';
import { type ActionContext, type CallScope, checkpoint, type Session } from '../context.ts';
import { runEffect } from '../effect.ts';
import { CallRefused, Halt } from '../halt.ts';
import { type InstanceSteps, lookInstance, waitHealthy, waitStopped } from '../instance-steps.ts';

export const RETURN_STEPS = ['return-stop', 'return-modify', 'return-start'] as const;

/**
 * Brings the instance back up as what it was, from wherever the resize stands. Once: when this fails too, a person is told
 * what state it is in, and nothing loops.
 */
export async function returnToOldType<S extends Session, C extends CallScope>(
  ctx: ActionContext<S, C>,
  steps: InstanceSteps<S, C>,
  { from, because }: { from: string; because: string },
): Promise<ActionResult> {
  try {
    const row = await steps.peek(ctx);
    const current = row?.instanceType ?? from;
    if (current !== from || (await ctx.log.hasIntent('return-modify'))) {
      if (row?.state === 'pending' || row?.state === 'running') {
        if (current !== from)
          await runEffect(ctx, steps.stop(ctx, 'return-stop', { state: row.state, instanceType: current }));
      }
      if (current !== from) await waitStopped(ctx, steps, true);
      await runEffect(ctx, steps.modifyType(ctx, 'return-modify', { from: current, to: from }));
      await checkpoint(ctx);
    } else if (row?.state === 'stopping') {
      await waitStopped(ctx, steps, true);
    }
    await runEffect(ctx, steps.start(ctx, 'return-start', { state: 'stopped', instanceType: from }));
    await waitHealthy(ctx, steps);
  } catch (error) {
    if (error instanceof CallRefused)
      throw new Halt('needs-human', [because, `${error.step}:${error.reason}`], { from });
    if (error instanceof Halt) throw new Halt('needs-human', [because, ...error.reasons], { from, ...error.detail });
    throw error;
  }
  const after = await lookInstance(ctx);
  return { result: 'rolled-back', reasons: [because], detail: { instanceType: from, after, done: [...ctx.done] } };
}
