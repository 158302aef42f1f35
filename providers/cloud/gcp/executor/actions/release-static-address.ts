import type { ActionResult } from '../../../../../ports/cloud.ts';
import { goneResult, needsHuman } from '../../../shared/executor/action.ts';
import { lookAddress, releaseAddress, releasedAddress } from '../../../shared/executor/actions/release-address.ts';
import { recallBegun } from '../../../shared/executor/context.ts';
import { pathOf } from '../../ids.ts';
import { common, scopeOf } from '../common.ts';
import type { ActionContext } from '../context.ts';
import { drive } from '../drive.ts';
import { requestIdOf } from '../request-id.ts';

/** A reserved external address, of a region or global. Google gives nobody the same number again on request. */
export const releaseStaticAddress = releaseAddress({
  release: (ctx, step, before) => ({
    ...common(ctx, step, before),
    scope: scopeOf(ctx, isGlobal(ctx) ? 'compute.globalAddresses.delete' : 'compute.addresses.delete', 'destructive'),
    seen: async () => ((await lookAddress(ctx)) === null ? { state: 'released' } : null),
    call: (session) =>
      drive(ctx, step, session, () => {
        const { projectId: project, place: region, name: address } = pathOf(ctx.plan.assetKey);
        const requestId = requestIdOf(ctx, step);
        return isGlobal(ctx)
          ? session.compute.globalAddresses.delete({ project, address, requestId })
          : session.compute.addresses.delete({ project, region, address, requestId });
      }),
  }),
  restore,
});

async function restore(ctx: ActionContext): Promise<ActionResult> {
  const released = (await recallBegun(ctx, ['release'])).has('release');
  if ((await lookAddress(ctx)) !== null) return { result: 'already-satisfied', detail: { state: 'still-reserved' } };
  if (!released) return goneResult(ctx, []);
  const before = await releasedAddress(ctx);
  return needsHuman('address-is-not-given-again', {
    publicIp: before?.publicIp ?? null,
    tags: before?.tags ?? null,
    instructions: 'Reserve an address of the same name; it gets another number: change DNS records and allow lists.',
  });
}

function isGlobal(ctx: ActionContext): boolean {
  return pathOf(ctx.plan.assetKey).scope === 'global';
}
