import { withExpectedState } from '../../../../../domain/state-facts.ts';
import type { InstanceFacts } from '../../../../../schemas/cloud-facts.ts';
import { type Action, goneResult, needsHuman } from '../action.ts';
import { assertApproved } from '../approved.ts';
import {
  type ActionContext,
  type CallScope,
  checkpoint,
  type RunContext,
  recallBegun,
  type Session,
  touched,
} from '../context.ts';
import { runEffect } from '../effect.ts';
import { CallRefused, Halt } from '../halt.ts';
import { type InstanceSteps, lookInstance, waitHealthy, waitStopped } from '../instance-steps.ts';
import { RETURN_STEPS, returnToOldType } from './return-to-old-type.ts';

const STEPS = ['stop', 'modify', 'start'];
const UP: readonly string[] = ['pending', 'running'];

/** Stop, change the type, start, watch it come up. Whatever goes wrong, it goes back to the old type at once. */
export function resizeInstance<S extends Session, C extends CallScope>(
  steps: InstanceSteps<S, C>,
): Action<ActionContext<S, C>> {
  return {
    async apply(ctx) {
      const begun = await recallBegun(ctx, [...STEPS, ...RETURN_STEPS]);
      const now = await lookInstance(ctx);
      if (now === null || now.state === 'shutting-down') return goneResult(ctx, STEPS);
      const target = ctx.plan.parameters['targetInstanceType'] ?? '';
      const already = now.instanceType === target && now.state === 'running';
      if (!touched(ctx) && already) return { result: 'already-satisfied', detail: { instanceType: target } };
      const from = await oldType(ctx, now, target);
      if (from === null) return needsHuman('unknown:resize_current_type', { instanceType: now.instanceType });
      if (RETURN_STEPS.some((step) => begun.has(step)))
        return returnToOldType(ctx, steps, { from, because: 'retried-return' });

      // A start that has been done must not be taken for somebody else's, nor its `pending` for a reason to refuse.
      const started = begun.has('start') && now.instanceType === target && UP.includes(now.state);
      const checked = started ? withExpectedState(now, 'running') : now;
      await assertApproved(ctx, { now: checked, turnedBack: turnBack(begun, now, from) });
      // A stop that was followed by a further step has been done, and is not to be done again.
      if (!begun.has('modify')) {
        const by = await runEffect(ctx, steps.stop(ctx, 'stop', { state: now.state, instanceType: from }));
        if (by === 'others') throw new Halt('blocked-by-drift', ['drift:state']);
      }
      try {
        if (!started) await waitStopped(ctx, steps, true);
        await runEffect(ctx, steps.modifyType(ctx, 'modify', { from, to: target }));
        await checkpoint(ctx);
        await runEffect(ctx, steps.start(ctx, 'start', { state: 'stopped', instanceType: target }));
        await waitHealthy(ctx, steps);
      } catch (error) {
        const because = reasonToReturn(error);
        if (because === null) throw error;
        return returnToOldType(ctx, steps, { from, because });
      }
      const after = await lookInstance(ctx);
      return {
        result: 'applied',
        detail: { before: { ...now, instanceType: from }, after, warnings: steps.warnings(now) },
      };
    },

    async rollback(ctx) {
      const begun = await recallBegun(ctx, RETURN_STEPS);
      const now = await lookInstance(ctx);
      if (now === null || now.state === 'shutting-down') return goneResult(ctx, RETURN_STEPS);
      if (!(await ctx.log.hasIntent('stop')))
        return { result: 'already-satisfied', detail: { reason: 'nothing-was-changed' } };
      const from = await oldType(ctx, now, ctx.plan.parameters['targetInstanceType'] ?? '');
      if (from === null) return needsHuman('unknown:resize_current_type', { instanceType: now.instanceType });
      if (begun.size === 0 && now.instanceType === from && now.state === 'running')
        return { result: 'already-satisfied', detail: { instanceType: from, state: now.state } };
      return returnToOldType(ctx, steps, { from, because: 'asked' });
    },
  };
}

/** The type before us: from the plan, from the log, or from the instance while we have not changed it. */
async function oldType(ctx: RunContext, now: InstanceFacts, target: string): Promise<string | null> {
  const planned = ctx.plan.parameters['currentInstanceType'];
  if (planned) return planned;
  if (now.instanceType !== target) return now.instanceType;
  const intent = (await ctx.log.intentDetail('modify')) as { before?: { instanceType?: unknown } } | null | undefined;
  const recorded = intent?.before?.instanceType;
  return typeof recorded === 'string' ? recorded : null;
}

function turnBack(begun: ReadonlySet<string>, now: InstanceFacts, from: string): InstanceFacts {
  const typed = begun.has('modify') ? { ...now, instanceType: from } : now;
  return begun.has('stop') ? withExpectedState(typed, 'running') : typed;
}

/** Why to go back; null for what is not the instance's fault (a retry will look again) or is a person's wish. */
function reasonToReturn(error: unknown): string | null {
  if (error instanceof CallRefused) return `${error.step}:${error.reason}`;
  if (error instanceof Halt && !error.reasons.includes('kill-switch')) return error.reasons[0] ?? 'unknown';
  return null;
}
