import { withExpectedState } from '../../../../../domain/state-facts.ts';
import type { DatabaseFacts } from '../../../../../schemas/cloud-facts.ts';
import { type Action, goneResult } from '../action.ts';
import { assertApproved } from '../approved.ts';
import {
  type ActionContext,
  type CallScope,
  pollUntil,
  type RunContext,
  recallBegun,
  type Session,
} from '../context.ts';
import { runEffect } from '../effect.ts';
import { Halt } from '../halt.ts';
import type { Make } from '../instance-steps.ts';

/** How one cloud switches a database server. */
export interface DatabaseSteps<S extends Session, C extends CallScope> {
  readonly stop: Make<S, C>;
  readonly start: Make<S, C>;
  /** Worth telling with the result. */
  readonly warnings: readonly string[];
}

/** Stops a database server: storage and backups stay. */
export function stopDatabase<S extends Session, C extends CallScope>(
  steps: DatabaseSteps<S, C>,
): Action<ActionContext<S, C>> {
  return {
    async apply(ctx) {
      const begun = (await recallBegun(ctx, ['stop'])).has('stop');
      const now = await lookDatabase(ctx);
      if (now === null || now.state === 'deleting') return goneResult(ctx, ['stop']);
      if (!begun && (now.state === 'stopped' || now.state === 'stopping')) {
        await waitFor(ctx, 'stopped', 'stopping');
        return { result: 'already-satisfied', detail: { state: 'stopped' } };
      }
      await assertApproved(ctx, { now, turnedBack: begun ? withExpectedState(now, 'available') : now });
      const by = await runEffect(ctx, steps.stop(ctx, 'stop', { state: now.state }));
      await waitFor(ctx, 'stopped', 'stopping');
      const detail = { before: now, after: await lookDatabase(ctx), warnings: [...steps.warnings] };
      return by === 'us' ? { result: 'applied', detail } : { result: 'already-satisfied', detail };
    },

    async rollback(ctx) {
      const step = 'rollback-start';
      const recalled = await recallBegun(ctx, ['stop', step]);
      const now = await lookDatabase(ctx);
      if (now === null || now.state === 'deleting') return goneResult(ctx, [step]);
      if (!recalled.has('stop'))
        return { result: 'already-satisfied', detail: { state: now.state, reason: 'nothing-was-stopped' } };
      if (!recalled.has(step) && now.state === 'available')
        return { result: 'already-satisfied', detail: { state: now.state } };
      if (now.state === 'stopping') await waitFor(ctx, 'stopped', 'stopping');
      await runEffect(ctx, steps.start(ctx, step, { state: 'stopped' }));
      await waitFor(ctx, 'available', 'starting');
      return { result: 'rolled-back', reasons: ['restored:available'], detail: { after: await lookDatabase(ctx) } };
    },
  };
}

/** Full facts, or null when the server is gone. Throws ProviderError. */
export async function lookDatabase(ctx: RunContext): Promise<DatabaseFacts | null> {
  const facts = await ctx.look();
  return facts?.kind === 'database' ? facts : null;
}

/** Anything but `passing` on the way means that somebody else is at it. */
async function waitFor(
  ctx: RunContext,
  wanted: DatabaseFacts['state'],
  passing: DatabaseFacts['state'],
): Promise<void> {
  await pollUntil(ctx, {
    what: wanted,
    timeoutMs: ctx.waits.transitionTimeoutMs,
    killable: false,
    look: async () => {
      const state = (await lookDatabase(ctx))?.state ?? 'gone';
      if (state === wanted) return true;
      if (state === passing) return undefined;
      throw new Halt('needs-human', [`unexpected-state:${state}`]);
    },
  });
}
