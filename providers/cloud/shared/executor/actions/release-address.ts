import type { AddressFacts } from '../../../../../schemas/cloud-facts.ts';
import type { ActionResult } from '../../../../../ports/cloud.ts';
import { type Action, goneResult } from '../action.ts';
import { assertApproved } from '../approved.ts';
import { type ActionContext, type CallScope, type RunContext, recallBegun, type Session } from '../context.ts';
import { runEffect } from '../effect.ts';
import type { Make } from '../instance-steps.ts';

/** How one cloud gives an address back and asks for it again. */
export interface AddressSteps<S extends Session, C extends CallScope> {
  readonly release: Make<S, C>;
  restore(ctx: ActionContext<S, C>): Promise<ActionResult>;
}

/** Gives the address back. Irreversible in earnest: anyone may get it next. */
export function releaseAddress<S extends Session, C extends CallScope>(
  steps: AddressSteps<S, C>,
): Action<ActionContext<S, C>> {
  return {
    async apply(ctx) {
      const begun = (await recallBegun(ctx, ['release'])).has('release');
      const now = await lookAddress(ctx);
      if (now === null) {
        if (!begun) return goneResult(ctx, []);
        await ctx.log.result('release', { state: 'released', reconstructed: true });
        return { result: 'applied', detail: { state: 'released' } };
      }
      await assertApproved(ctx, { now, turnedBack: now });
      const by = await runEffect(ctx, steps.release(ctx, 'release', { facts: now }));
      if (by === 'others') return goneResult(ctx, []);
      return { result: 'applied', detail: { before: now, state: 'released' } };
    },

    rollback: (ctx) => steps.restore(ctx),
  };
}

/** Full facts, or null when the address is gone. Throws ProviderError. */
export async function lookAddress(ctx: RunContext): Promise<AddressFacts | null> {
  const facts = await ctx.look();
  return facts?.kind === 'address' ? facts : null;
}

/** What the INTENT of the release recorded, when the log can say. */
export async function releasedAddress(ctx: RunContext): Promise<AddressFacts | null> {
  const intent = (await ctx.log.intentDetail('release')) as { before?: { facts?: AddressFacts } } | null;
  const facts = intent?.before?.facts;
  return facts?.kind === 'address' ? facts : null;
}
