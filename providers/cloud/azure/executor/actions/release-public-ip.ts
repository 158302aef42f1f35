import type { ActionResult } from '../../../../../ports/cloud.ts';
import { goneResult, needsHuman } from '../../../shared/executor/action.ts';
import { lookAddress, releaseAddress, releasedAddress } from '../../../shared/executor/actions/release-address.ts';
import { recallBegun } from '../../../shared/executor/context.ts';
import type { ActionContext } from '../context.ts';
import { drive } from '../drive.ts';
import { placeOf } from '../place.ts';
import { common, every, scopeOf } from '../vm-steps.ts';

/** A public IP address. Azure gives nobody the same number again on request. */
export const releasePublicIp = releaseAddress({
  release: (ctx, step, before) => ({
    ...common(ctx, step, before),
    scope: scopeOf(ctx, 'Microsoft.Network/publicIPAddresses/delete', 'destructive'),
    seen: async () => ((await lookAddress(ctx)) === null ? { state: 'released' } : null),
    call: ({ network }) =>
      drive(ctx, step, () => {
        const { resourceGroup, name } = placeOf(ctx.plan);
        return network.publicIPAddresses.beginDelete(resourceGroup, name, every(ctx));
      }),
  }),
  restore,
});

async function restore(ctx: ActionContext): Promise<ActionResult> {
  const released = (await recallBegun(ctx, ['release'])).has('release');
  if ((await lookAddress(ctx)) !== null) return { result: 'already-satisfied', detail: { state: 'still-allocated' } };
  if (!released) return goneResult(ctx, []);
  const before = await releasedAddress(ctx);
  return needsHuman('address-is-not-given-again', {
    publicIp: before?.publicIp ?? null,
    tags: before?.tags ?? null,
    instructions:
      'Create a public IP address of the same name; it gets another number: change DNS records and allow lists.',
  });
}
