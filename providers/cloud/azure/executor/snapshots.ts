import { z } from 'zod';
import type { InstanceFacts, VolumeFacts } from '../../../../schemas/cloud-facts.ts';
import { sha256 } from '../../../../schemas/digest.ts';
import type { Readings } from '../../../../ports/rows.ts';
import { allRead, readRows, textOf } from '../../../rows.ts';
import { type DiskSnapshot, diskSnapshots, type SourceDisk } from '../../shared/executor/disk-snapshots.ts';
import type { PlanSnapshots } from '../../shared/executor/plan-snapshots.ts';
import type { AzureSession } from '../clients.ts';
import { OperationFailed } from '../errors.ts';
import { idOf } from '../ids.ts';
import { listAll } from '../reader/list-all.ts';
import { OptionalNumber, OptionalText, parseAzure, Tags } from '../reader/parse.ts';
import type { ActionContext, AzureScope, Effect } from './context.ts';
import { drive } from './drive.ts';
import { pathOf, placeOf } from './place.ts';
import { common, every, started } from './vm-steps.ts';

/** The tag, set in the creating call itself, by which the snapshots of a plan are found again. */
export const PLAN_TAG = 'idlewise-plan';
const READ = 'Microsoft.Compute/snapshots/read';
const WRITE = 'Microsoft.Compute/snapshots/write';

const WireSnapshot = z.object({
  id: z.string(),
  name: z.string(),
  tags: Tags,
  diskSizeGB: OptionalNumber,
  provisioningState: OptionalText,
  completionPercent: OptionalNumber,
  creationData: z.object({ sourceResourceId: OptionalText }),
  encryption: z.object({ diskEncryptionSetId: OptionalText }).nullish(),
});
type WireSnapshot = z.infer<typeof WireSnapshot>;

interface Source extends SourceDisk {
  readonly tags: Readonly<Record<string, string>>;
}

/** Copies of all disks of a machine before it is deleted. */
export const vmSnapshots: PlanSnapshots<AzureSession, AzureScope, InstanceFacts> = copies<InstanceFacts>(
  (facts) => facts.volumes.map((v) => ({ id: v.volumeId, sizeGiB: v.sizeGiB, keyId: null, tags: {} })),
  'Create a disk from each snapshot (az disk create --source), then a machine from the disk of the operating system (az vm ' +
    'create --attach-os-disk) with the recorded size, subnet and identity, and attach the other disks under the recorded ' +
    'numbers. The machine gets a new private address unless it was static.',
);

/** The copy of one disk before it is deleted; its own tags go with it. */
export const diskSnapshot: PlanSnapshots<AzureSession, AzureScope, VolumeFacts> = copies<VolumeFacts>(
  (facts) => [{ id: facts.resourceId, sizeGiB: facts.sizeGiB, keyId: facts.encryptionKeyId, tags: diskTags(facts) }],
  'Create the disk again from the snapshot (az disk create --source) with the recorded type and zone.',
);

/** Every snapshot of this plan, whatever its state. Throws ProviderError. */
export async function planSnapshots(ctx: ActionContext): Promise<readonly WireSnapshot[]> {
  const { resourceGroup } = placeOf(ctx.plan);
  const rows = await ctx.reading(({ compute }) => listAll(compute.snapshots.listByResourceGroup(resourceGroup), READ));
  const mine = rows.filter((row) => row.tags?.[PLAN_TAG] === ctx.identity.planDigest);
  return allRead(readSnapshots(mine), { provider: 'azure', operation: READ });
}

/** Rows of a list of snapshots. */
export function readSnapshots(nodes: readonly unknown[]): Readings<WireSnapshot> {
  const read = (node: unknown) => parseAzure(WireSnapshot, node, READ);
  return readRows(nodes, { provider: 'azure', operation: READ, read, idOf: (node) => textOf(node, 'id') });
}

function copies<F extends { readonly region: string }>(
  sources: (facts: F) => readonly Source[],
  instructions: string,
): PlanSnapshots<AzureSession, AzureScope, F> {
  return diskSnapshots({
    sources,
    instructions,
    find: async (ctx) => (await planSnapshots(ctx)).map(plain),
    create: (ctx, facts): Omit<Effect, 'seen'> => ({
      ...common(ctx, 'snapshot', { disks: sources(facts) }),
      scope: {
        action: WRITE,
        resources: sources(facts).flatMap((disk) => [disk.id, snapshotId(ctx, disk.id)]),
        role: 'destructive',
      },
      async call({ compute }) {
        const { resourceGroup } = placeOf(ctx.plan);
        for (const disk of sources(facts))
          await drive(ctx, 'snapshot', async () =>
            started(
              compute.snapshots.createOrUpdate(
                resourceGroup,
                snapshotName(ctx, disk.id),
                {
                  location: facts.region,
                  // An incremental one is a whole copy too, and costs only what differs.
                  incremental: true,
                  sku: { name: 'Standard_LRS' },
                  creationData: { createOption: 'Copy', sourceResourceId: disk.id },
                  tags: { ...disk.tags, [PLAN_TAG]: ctx.identity.planDigest, 'idlewise-disk': nameOf(disk.id) },
                },
                every(ctx),
              ),
            ),
          ).catch((error: unknown) => {
            // What became of a snapshot is said by looking at it; only what was not accepted ends the call.
            if (!(error instanceof OperationFailed)) throw error;
          });
      },
    }),
  });
}

function plain(row: WireSnapshot): DiskSnapshot {
  return {
    id: idOf(row.id),
    sourceId: idOf(row.creationData.sourceResourceId ?? ''),
    sizeGiB: row.diskSizeGB,
    state: stateOf(row),
    keyId: row.encryption?.diskEncryptionSetId ? idOf(row.encryption.diskEncryptionSetId) : null,
  };
}

/** Copied in the background: made at once, and whole only when the percentage says so. */
function stateOf(row: WireSnapshot): DiskSnapshot['state'] {
  switch (row.provisioningState) {
    case 'Succeeded':
      return row.completionPercent === null || row.completionPercent >= 100 ? 'completed' : 'pending';
    case 'Creating':
    case 'Updating':
      return 'pending';
    case 'Failed':
      return 'failed';
    default:
      return 'unknown';
  }
}

/** Azure allows 80 characters; the plan and the disk make it one of a kind, so that a repeated call makes the same one. */
export function snapshotName(ctx: ActionContext, diskId: string): string {
  const digest = sha256(`${ctx.identity.planDigest}/${diskId}`).slice(0, 20);
  return `idlewise-${nameOf(diskId)
    .replace(/[^a-z0-9_.-]/g, '-')
    .slice(0, 48)}-${digest}`;
}

function snapshotId(ctx: ActionContext, diskId: string): string {
  const { subscriptionId, resourceGroup } = placeOf(ctx.plan);
  return `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers/microsoft.compute/snapshots/${snapshotName(ctx, diskId)}`;
}

function nameOf(diskId: string): string {
  return pathOf(diskId).name;
}

/** A resource takes 50 tags and three of them are ours. */
function diskTags(facts: VolumeFacts): Record<string, string> {
  const kept = Object.entries(facts.tags)
    .filter(([key]) => !key.startsWith('idlewise-'))
    .slice(0, 40);
  return {
    ...Object.fromEntries(kept),
    'idlewise-disk-type': facts.volumeType,
    'idlewise-zone': facts.zone,
  };
}
