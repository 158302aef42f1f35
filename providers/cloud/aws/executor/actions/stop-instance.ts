import { withExpectedState } from '../../../../../domain/state-facts.ts';
import type { ActionResult } from '../../../port.ts';
import { assertApproved } from '../approved.ts';
import { type ActionContext, recallBegun } from '../context.ts';
import { runEffect } from '../effect.ts';
import { lookInstance, startEffect, stopEffect, waitHealthy, waitStopped } from '../instance-steps.ts';
import { preflightWarnings } from '../preflight.ts';
import { type AwsAction, goneResult } from './action.ts';

/** Secure stop: disks, addresses and identity stay; starting it again undoes it. */
export const stopInstance: AwsAction = {
  async apply(ctx) {
    const begun = (await recallBegun(ctx, ['stop'])).has('stop');
    const now = await lookInstance(ctx);
    if (now === null || now.state === 'shutting-down') return goneResult(ctx, ['stop']);
    if (!begun && (now.state === 'stopped' || now.state === 'stopping')) {
      await waitStopped(ctx, false);
      return { result: 'already-satisfied', detail: { state: 'stopped' } };
    }
    // Once begun, a stopped instance is our own doing and must not be mistaken for drift.
    await assertApproved(ctx, { now, turnedBack: begun ? withExpectedState(now, 'running') : now });
    const by = await runEffect(ctx, stopEffect(ctx, 'stop', { state: now.state, launchTime: now.launchTime }));
    await waitStopped(ctx, false);
    const after = await lookInstance(ctx);
    const detail = { before: now, after, warnings: preflightWarnings(now) };
    return by === 'us' ? { result: 'applied', detail } : { result: 'already-satisfied', detail };
  },
  rollback: startAgain,
};

/** Starts what our own stop stopped. An instance that refuses to start is left to a person: no loop. */
export async function startAgain(ctx: ActionContext): Promise<ActionResult> {
  const step = 'rollback-start';
  const recalled = await recallBegun(ctx, ['stop', step]);
  const [stopped, begun] = [recalled.has('stop'), recalled.has(step)];
  const now = await lookInstance(ctx);
  if (now === null || now.state === 'shutting-down') return goneResult(ctx, [step]);
  if (!stopped) return { result: 'already-satisfied', detail: { state: now.state, reason: 'nothing-was-stopped' } };
  if (!begun && now.state === 'running') return { result: 'already-satisfied', detail: { state: now.state } };
  if (now.state === 'stopping') await waitStopped(ctx, true);
  await runEffect(ctx, startEffect(ctx, step, { state: 'stopped', instanceType: now.instanceType }));
  await waitHealthy(ctx);
  return { result: 'rolled-back', reasons: ['restored:running'], detail: { after: await lookInstance(ctx) } };
}
