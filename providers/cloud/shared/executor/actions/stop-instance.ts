import { withExpectedState } from '../../../../../domain/state-facts.ts';
import type { ActionResult } from '../../../../../ports/cloud.ts';
import { type Action, goneResult } from '../action.ts';
import { assertApproved } from '../approved.ts';
import { type ActionContext, type CallScope, recallBegun, type Session } from '../context.ts';
import { runEffect } from '../effect.ts';
import { type InstanceSteps, lookInstance, stateBeforeStop, waitHealthy, waitStopped } from '../instance-steps.ts';

/** Secure stop: disks, addresses and identity stay; starting it again undoes it. */
export function stopInstance<S extends Session, C extends CallScope>(
  steps: InstanceSteps<S, C>,
): Action<ActionContext<S, C>> {
  return {
    async apply(ctx) {
      const begun = (await recallBegun(ctx, ['stop'])).has('stop');
      const now = await lookInstance(ctx);
      if (now === null || now.state === 'shutting-down') return goneResult(ctx, ['stop']);
      if (!begun && (now.state === 'stopped' || now.state === 'stopping')) {
        await waitStopped(ctx, steps, false);
        return { result: 'already-satisfied', detail: { state: 'stopped' } };
      }
      // Once begun, a stopped instance is our own doing and must not be mistaken for drift.
      const turnedBack = begun ? withExpectedState(now, await stateBeforeStop(ctx)) : now;
      await assertApproved(ctx, { now, turnedBack });
      const by = await runEffect(ctx, steps.stop(ctx, 'stop', { state: now.state, launchTime: now.launchTime }));
      await waitStopped(ctx, steps, false);
      const after = await lookInstance(ctx);
      const detail = { before: now, after, warnings: steps.warnings(now) };
      return by === 'us' ? { result: 'applied', detail } : { result: 'already-satisfied', detail };
    },
    rollback: (ctx) => startAgain(ctx, steps),
  };
}

/** Starts what our own stop stopped. An instance that refuses to start is left to a person: no loop. */
export async function startAgain<S extends Session, C extends CallScope>(
  ctx: ActionContext<S, C>,
  steps: InstanceSteps<S, C>,
): Promise<ActionResult> {
  const step = 'rollback-start';
  const recalled = await recallBegun(ctx, ['stop', step]);
  const [stopped, begun] = [recalled.has('stop'), recalled.has(step)];
  const now = await lookInstance(ctx);
  if (now === null || now.state === 'shutting-down') return goneResult(ctx, [step]);
  if (!stopped) return { result: 'already-satisfied', detail: { state: now.state, reason: 'nothing-was-stopped' } };
  // It did not run before us either: starting it would be more than taking our change back.
  if (!begun && (await stateBeforeStop(ctx)) !== 'running')
    return { result: 'already-satisfied', detail: { state: now.state, reason: 'was-not-running-before' } };
  if (!begun && now.state === 'running') return { result: 'already-satisfied', detail: { state: now.state } };
  if (now.state === 'stopping') await waitStopped(ctx, steps, true);
  await runEffect(ctx, steps.start(ctx, step, { state: 'stopped', instanceType: now.instanceType }));
  await waitHealthy(ctx, steps);
  return { result: 'rolled-back', reasons: ['restored:running'], detail: { after: await lookInstance(ctx) } };
}
