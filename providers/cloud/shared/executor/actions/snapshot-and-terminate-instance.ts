import { withExpectedState } from '../../../../../domain/state-facts.ts';
import type { InstanceFacts } from '../../../../../schemas/cloud-facts.ts';
import { type Action, goneResult, needsHuman } from '../action.ts';
import { assertApproved } from '../approved.ts';
import { type ActionContext, type CallScope, recallBegun, type Session } from '../context.ts';
import { runEffect } from '../effect.ts';
import { Halt } from '../halt.ts';
import { type InstanceSteps, lookInstance, stateBeforeStop, waitStopped, waitTerminated } from '../instance-steps.ts';
import type { PlanSnapshots } from '../plan-snapshots.ts';
import { startAgain } from './stop-instance.ts';

/** Phase one stops and snapshots; after the hold, phase two verifies the snapshots again and terminates. */
export function snapshotAndTerminateInstance<S extends Session, C extends CallScope>(
  steps: InstanceSteps<S, C>,
  snapshots: PlanSnapshots<S, C, InstanceFacts>,
): Action<ActionContext<S, C>> {
  return {
    async apply(ctx) {
      const begun = await recallBegun(ctx, ['stop', 'snapshot']);
      const now = await lookInstance(ctx);
      if (now === null || now.state === 'shutting-down') return goneResult(ctx, ['stop', 'snapshot']);
      await assertApproved(ctx, {
        now,
        turnedBack: begun.has('stop') ? withExpectedState(now, await stateBeforeStop(ctx)) : now,
      });
      // Stopped first: only then is a snapshot of the root disk consistent.
      if (now.state !== 'stopped' || begun.has('stop')) {
        const by = await runEffect(ctx, steps.stop(ctx, 'stop', { state: now.state, launchTime: now.launchTime }));
        if (by === 'others') throw new Halt('blocked-by-drift', ['drift:state']);
        await waitStopped(ctx, steps, true);
      }
      const made = await snapshots.ensure(ctx, now);
      const detail = { before: now, snapshots: made, warnings: steps.warnings(now) };
      return { result: 'prepared', detail };
    },

    async complete(ctx) {
      const begun = (await recallBegun(ctx, ['terminate'])).has('terminate');
      const now = await lookInstance(ctx);
      if (now === null || now.state === 'shutting-down') {
        await waitTerminated(ctx, steps);
        if (!begun) return goneResult(ctx, ['stop', 'snapshot']);
        await ctx.log.result('terminate', { state: 'terminated', reconstructed: true });
        const kept = await snapshots.kept(ctx);
        return { result: 'applied', detail: { state: 'terminated', snapshots: kept } };
      }
      if (now.state !== 'stopped') throw new Halt('blocked-by-drift', ['drift:state']);
      const stoppedByUs = await ctx.log.hasIntent('stop');
      await assertApproved(ctx, {
        now,
        turnedBack: stoppedByUs ? withExpectedState(now, await stateBeforeStop(ctx)) : now,
      });
      const made = await snapshots.verified(ctx, now);
      const by = await runEffect(ctx, steps.terminate(ctx, 'terminate', { facts: now, snapshots: made }));
      await waitTerminated(ctx, steps);
      if (by === 'others') return goneResult(ctx, []);
      return { result: 'applied', detail: { before: now, state: 'terminated', snapshots: made } };
    },

    async rollback(ctx) {
      const now = await lookInstance(ctx);
      if (now !== null && now.state !== 'shutting-down') return startAgain(ctx, steps);
      if (!(await ctx.log.hasIntent('terminate'))) return goneResult(ctx, []);
      const made = await snapshots.kept(ctx);
      const terminated = (await ctx.log.intentDetail('terminate')) ?? null;
      return needsHuman('restore-by-hand', {
        instructions: snapshots.instructions,
        snapshots: made,
        before: terminated,
      });
    },
  };
}
