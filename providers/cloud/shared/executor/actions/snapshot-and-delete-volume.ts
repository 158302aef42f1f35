import type { VolumeFacts } from '../../../../../schemas/cloud-facts.ts';
import type { ActionResult } from '../../../../../ports/cloud.ts';
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
import type { Make } from '../instance-steps.ts';
import type { PlanSnapshots } from '../plan-snapshots.ts';

/** How one cloud deletes a disk and makes it again. */
export interface VolumeSteps<S extends Session, C extends CallScope> {
  readonly remove: Make<S, C>;
  /** One cheap call, for polls. */
  exists(ctx: ActionContext<S, C>): Promise<boolean>;
  restore(ctx: ActionContext<S, C>): Promise<ActionResult>;
}

/** Phase one snapshots; after the hold, phase two verifies the snapshot again and deletes. */
export function snapshotAndDeleteVolume<S extends Session, C extends CallScope>(
  steps: VolumeSteps<S, C>,
  snapshots: PlanSnapshots<S, C, VolumeFacts>,
): Action<ActionContext<S, C>> {
  return {
    async apply(ctx) {
      await recallBegun(ctx, ['snapshot']);
      const now = await lookVolume(ctx);
      if (now === null) return goneResult(ctx, ['snapshot']);
      await assertApproved(ctx, { now, turnedBack: now });
      const made = await snapshots.ensure(ctx, now);
      return { result: 'prepared', detail: { before: now, snapshots: made } };
    },

    async complete(ctx) {
      const begun = (await recallBegun(ctx, ['delete'])).has('delete');
      const now = await lookVolume(ctx);
      if (now === null) {
        if (!begun) return goneResult(ctx, ['snapshot']);
        await ctx.log.result('delete', { state: 'gone', reconstructed: true });
        const kept = await snapshots.kept(ctx);
        return { result: 'applied', detail: { state: 'deleted', snapshots: kept } };
      }
      await assertApproved(ctx, { now, turnedBack: now });
      const made = await snapshots.verified(ctx, now);
      const by = await runEffect(ctx, steps.remove(ctx, 'delete', { facts: now, snapshots: made }));
      await pollUntil(ctx, {
        what: 'deleted',
        timeoutMs: ctx.waits.transitionTimeoutMs,
        killable: false,
        look: async () => ((await steps.exists(ctx)) ? undefined : true),
      });
      if (by === 'others') return goneResult(ctx, []);
      return { result: 'applied', detail: { before: now, state: 'deleted', snapshots: made } };
    },

    rollback: (ctx) => steps.restore(ctx),
  };
}

/** Full facts, or null when the volume is gone or going. Throws ProviderError. */
export async function lookVolume(ctx: RunContext): Promise<VolumeFacts | null> {
  const facts = await ctx.look();
  return facts?.kind === 'volume' && facts.state !== 'deleting' ? facts : null;
}
