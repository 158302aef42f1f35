import type { ActionResult } from '../../../../../ports/cloud.ts';
import { goneResult, needsHuman } from '../../../shared/executor/action.ts';
import { lookVolume, snapshotAndDeleteVolume } from '../../../shared/executor/actions/snapshot-and-delete-volume.ts';
import { recallBegun } from '../../../shared/executor/context.ts';
import { runEffect } from '../../../shared/executor/effect.ts';
import { linkOf, pathOf } from '../../ids.ts';
import { readDisk } from '../../reader/disks.ts';
import { common, scopeOf } from '../common.ts';
import type { ActionContext } from '../context.ts';
import { drive } from '../drive.ts';
import { requestIdOf } from '../request-id.ts';
import { diskSnapshot, isOurs, planSnapshots } from '../snapshots.ts';

/** A zonal persistent disk. Made again from its snapshot it has the name it had. */
export const snapshotAndDeleteDisk = snapshotAndDeleteVolume(
  {
    remove: (ctx, step, before) => ({
      ...common(ctx, step, before),
      scope: scopeOf(ctx, 'compute.disks.delete', 'destructive'),
      seen: async () => ((await lookVolume(ctx)) === null ? { state: 'gone' } : null),
      call: (session) =>
        drive(ctx, step, session, () => {
          const { projectId: project, place: zone, name: disk } = pathOf(ctx.plan.assetKey);
          return session.compute.disks.delete({ project, zone, disk, requestId: requestIdOf(ctx, step) });
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
  const { 'idlewise-disk-type': type, 'idlewise-zone': zone } = snapshot.labels;
  if (!type || !zone) return needsHuman('snapshot:restore-labels-missing', { snapshotId: snapshot.name });
  const labels = Object.fromEntries(Object.entries(snapshot.labels).filter(([key]) => !isOurs(key)));
  const { projectId: project, name } = pathOf(ctx.plan.assetKey);
  await runEffect(ctx, {
    ...common(ctx, step, { snapshotId: snapshot.name }),
    scope: scopeOf(ctx, 'compute.disks.create', 'destructive'),
    seen: async () => ((await lookVolume(ctx)) === null ? null : { diskId: ctx.plan.assetKey }),
    call: (session) =>
      drive(ctx, step, session, () =>
        session.compute.disks.insert({
          project,
          zone,
          requestId: requestIdOf(ctx, step),
          requestBody: {
            name,
            labels,
            type: `projects/${project}/zones/${zone}/diskTypes/${type}`,
            sourceSnapshot: linkOf(`//compute.googleapis.com/projects/${project}/global/snapshots/${snapshot.name}`),
          },
        }),
      ),
  });
  return {
    result: 'rolled-back',
    reasons: ['restored:from-snapshot'],
    detail: { diskId: ctx.plan.assetKey, snapshotId: snapshot.name },
  };
}
