import type { ActionResult } from '../../../../../ports/cloud.ts';
import { goneResult, needsHuman } from '../../../shared/executor/action.ts';
import { lookVolume, snapshotAndDeleteVolume } from '../../../shared/executor/actions/snapshot-and-delete-volume.ts';
import { recallBegun } from '../../../shared/executor/context.ts';
import { runEffect } from '../../../shared/executor/effect.ts';
import { readDisk } from '../../reader/disks.ts';
import type { ActionContext } from '../context.ts';
import { drive } from '../drive.ts';
import { placeOf } from '../place.ts';
import { diskSnapshot, planSnapshots } from '../snapshots.ts';
import { common, every, scopeOf, started } from '../vm-steps.ts';

const DELETE = 'Microsoft.Compute/disks/delete';
const WRITE = 'Microsoft.Compute/disks/write';
const OURS = 'idlewise-';

/** A managed disk. Made again from its snapshot it has the id it had. */
export const snapshotAndDeleteDisk = snapshotAndDeleteVolume(
  {
    remove: (ctx, step, before) => ({
      ...common(ctx, step, before),
      scope: scopeOf(ctx, DELETE, 'destructive'),
      seen: async () => ((await lookVolume(ctx)) === null ? { state: 'gone' } : null),
      call: ({ compute }) =>
        drive(ctx, step, async () => {
          const { resourceGroup, name } = placeOf(ctx.plan);
          return started(compute.disks.delete(resourceGroup, name, every(ctx)));
        }),
    }),
    exists: async (ctx) => (await ctx.reading((session) => readDisk(session, ctx.plan.assetKey))) !== null,
    restore,
  },
  diskSnapshot,
);

async function restore(ctx: ActionContext): Promise<ActionResult> {
  const step = 'rollback-create';
  const begun = await recallBegun(ctx, ['delete', step]);
  if (!begun.has(step) && (await lookVolume(ctx)) !== null)
    return { result: 'already-satisfied', detail: { state: 'disk-still-there' } };
  if (!begun.has('delete')) return goneResult(ctx, []);
  const [snapshot, ...more] = await planSnapshots(ctx);
  if (!snapshot || more.length > 0) return needsHuman('snapshot:count', { found: more.length + (snapshot ? 1 : 0) });
  const { 'idlewise-disk-type': type, 'idlewise-zone': place } = snapshot.tags;
  if (!type || !place) return needsHuman('snapshot:restore-tags-missing', { snapshotId: snapshot.id });
  const tags = Object.fromEntries(Object.entries(snapshot.tags).filter(([key]) => !key.startsWith(OURS)));
  const zone = place.startsWith(`${ctx.plan.region}-`) ? place.slice(ctx.plan.region.length + 1) : null;
  await runEffect(ctx, {
    ...common(ctx, step, { snapshotId: snapshot.id }),
    scope: scopeOf(ctx, WRITE, 'destructive'),
    seen: async () => ((await lookVolume(ctx)) === null ? null : { diskId: ctx.plan.assetKey }),
    call: ({ compute }) =>
      drive(ctx, step, async () => {
        const { resourceGroup, name } = placeOf(ctx.plan);
        return started(
          compute.disks.createOrUpdate(
            resourceGroup,
            name,
            {
              location: ctx.plan.region,
              sku: { name: type },
              ...(zone === null ? {} : { zones: [zone] }),
              creationData: { createOption: 'Copy', sourceResourceId: snapshot.id },
              tags,
            },
            every(ctx),
          ),
        );
      }),
  });
  return {
    result: 'rolled-back',
    reasons: ['restored:from-snapshot'],
    detail: { diskId: ctx.plan.assetKey, snapshotId: snapshot.id },
  };
}
