import type { LoadBalancerFacts } from '../../../../../schemas/cloud-facts.ts';
import { type Action, goneResult, needsHuman } from '../action.ts';
import { assertApproved } from '../approved.ts';
import {
  type ActionContext,
  type CallScope,
  checkpoint,
  pollUntil,
  type RunContext,
  recallBegun,
  type Session,
} from '../context.ts';
import { runEffect } from '../effect.ts';
import type { Make } from '../instance-steps.ts';

/** How one cloud takes a load balancer away. */
export interface LoadBalancerSteps<S extends Session, C extends CallScope> {
  readonly remove: Make<S, C>;
  /** One cheap call, for polls. */
  exists(ctx: ActionContext<S, C>): Promise<boolean>;
  /** Everything needed to build it again. An incomplete export must throw. */
  export(ctx: ActionContext<S, C>): Promise<Record<string, unknown>>;
  /** For a person who has to build it again from the export. */
  readonly instructions: string;
}

/** Exports the whole configuration, then deletes. */
export function deleteLoadBalancer<S extends Session, C extends CallScope>(
  steps: LoadBalancerSteps<S, C>,
): Action<ActionContext<S, C>> {
  return {
    async apply(ctx) {
      const begun = (await recallBegun(ctx, ['delete'])).has('delete');
      const now = await lookLoadBalancer(ctx);
      if (now === null) {
        if (!begun) return goneResult(ctx, []);
        await ctx.log.result('delete', { state: 'gone', reconstructed: true });
        return { result: 'applied', detail: { state: 'deleted' } };
      }
      await assertApproved(ctx, { now, turnedBack: now });
      const configuration = await steps.export(ctx);
      await checkpoint(ctx);
      // Durable before the deletion: afterwards nobody can read it any more.
      await ctx.log.result('export', { configuration });
      const by = await runEffect(ctx, steps.remove(ctx, 'delete', { facts: now, configuration }));
      await pollUntil(ctx, {
        what: 'deleted',
        timeoutMs: ctx.waits.transitionTimeoutMs,
        killable: false,
        look: async () => ((await steps.exists(ctx)) ? undefined : true),
      });
      if (by === 'others') return goneResult(ctx, []);
      return { result: 'applied', detail: { before: now, configuration, state: 'deleted' } };
    },

    async rollback(ctx) {
      if ((await lookLoadBalancer(ctx)) !== null)
        return { result: 'already-satisfied', detail: { state: 'still-there' } };
      if (!(await ctx.log.hasIntent('delete'))) return goneResult(ctx, []);
      return needsHuman('restore-by-hand', {
        instructions: steps.instructions,
      });
    },
  };
}

async function lookLoadBalancer(ctx: RunContext): Promise<LoadBalancerFacts | null> {
  const facts = await ctx.look();
  return facts?.kind === 'load-balancer' ? facts : null;
}
