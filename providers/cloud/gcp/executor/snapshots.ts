import { z } from 'zod';
import type { InstanceFacts, VolumeFacts } from '../../../../schemas/cloud-facts.ts';
import { sha256 } from '../../../../schemas/digest.ts';
import type { Readings } from '../../../../ports/rows.ts';
import { allRead, readRows, textOf } from '../../../rows.ts';
import { type DiskSnapshot, diskSnapshots, type SourceDisk } from '../../shared/executor/disk-snapshots.ts';
import type { PlanSnapshots } from '../../shared/executor/plan-snapshots.ts';
import type { GcpSession } from '../clients.ts';
import { googleErrorCode } from '../errors.ts';
import { lastPart, linkOf, nameOfLink, pathOf } from '../ids.ts';
import { listFlat, PAGE_ROWS } from '../reader/list-all.ts';
import { Labels, OptionalText, OptionalWhole, parseGoogle } from '../reader/parse.ts';
import { common } from './common.ts';
import type { ActionContext, Effect, GcpScope } from './context.ts';
import { drive } from './drive.ts';
import { requestIdOf } from './request-id.ts';

/** The label, set in the creating call itself, by which the snapshots of a plan are found again. */
const PLAN_LABEL = 'idlewise_plan';
const LIST = 'compute.snapshots.list';
const CREATE = 'compute.snapshots.create';
/** Longest value of a label, one short of a digest. */
const LABEL_LENGTH = 63;

const WireSnapshot = z.object({
  name: z.string(),
  selfLink: z.string(),
  labels: Labels,
  status: OptionalText,
  sourceDisk: OptionalText,
  diskSizeGb: OptionalWhole,
  snapshotEncryptionKey: z.object({ kmsKeyName: OptionalText }).nullish(),
});
type WireSnapshot = z.infer<typeof WireSnapshot>;

interface Source extends SourceDisk {
  readonly labels: Readonly<Record<string, string>>;
}

/** Copies of all disks of an instance before it is deleted. */
export const vmSnapshots: PlanSnapshots<GcpSession, GcpScope, InstanceFacts> = copies<InstanceFacts>(
  (facts) => facts.volumes.map((v) => ({ id: v.volumeId, sizeGiB: v.sizeGiB, keyId: null, labels: {} })),
  'Create a disk from each snapshot (gcloud compute disks create --source-snapshot), then an instance with them (gcloud compute ' +
    'instances create --disk=name=…,boot=yes) of the recorded machine type, subnet and service account, with the other disks ' +
    'under the recorded device names. An ephemeral external address will be another one.',
);

/** The copy of one disk before it is deleted; its own labels go with it. */
export const diskSnapshot: PlanSnapshots<GcpSession, GcpScope, VolumeFacts> = copies<VolumeFacts>(
  (facts) => [
    { id: facts.resourceId, sizeGiB: facts.sizeGiB, keyId: facts.encryptionKeyId, labels: diskLabels(facts) },
  ],
  'Create the disk again from the snapshot (gcloud compute disks create --source-snapshot) with the recorded type and zone.',
);

/** Every snapshot of this plan, whatever its state. Throws ProviderError. */
export async function planSnapshots(ctx: ActionContext): Promise<readonly WireSnapshot[]> {
  const { projectId: project } = pathOf(ctx.plan.assetKey);
  const plan = planLabel(ctx);
  const rows = await ctx.reading(({ compute }) =>
    listFlat(
      (pageToken) =>
        compute.snapshots.list({
          project,
          filter: `labels.${PLAN_LABEL} = "${plan}"`,
          maxResults: PAGE_ROWS,
          ...(pageToken ? { pageToken } : {}),
        }),
      LIST,
    ),
  );
  const read = allRead(readSnapshots(rows), { provider: 'gcp', operation: LIST });
  return read.filter((row) => row.labels[PLAN_LABEL] === plan);
}

/** Rows of a list of snapshots. */
export function readSnapshots(nodes: readonly unknown[]): Readings<WireSnapshot> {
  const read = (node: unknown) => parseGoogle(WireSnapshot, node, LIST);
  return readRows(nodes, { provider: 'gcp', operation: LIST, read, idOf: (node) => textOf(node, 'selfLink') });
}

function copies<F>(
  sources: (facts: F) => readonly Source[],
  instructions: string,
): PlanSnapshots<GcpSession, GcpScope, F> {
  return diskSnapshots({
    sources,
    instructions,
    find: async (ctx) => (await planSnapshots(ctx)).map(plain),
    create: (ctx, facts): Omit<Effect, 'seen'> => ({
      ...common(ctx, 'snapshot', { disks: sources(facts) }),
      scope: {
        action: CREATE,
        resources: sources(facts).flatMap((disk) => [disk.id, snapshotKey(ctx, disk.id)]),
        role: 'destructive',
        api: 'compute',
      },
      async call(session) {
        for (const disk of sources(facts)) await copy(ctx, session, disk);
      },
    }),
  });
}

async function copy(ctx: ActionContext, session: GcpSession, disk: Source): Promise<void> {
  const { projectId: project } = pathOf(disk.id);
  try {
    await drive(ctx, 'snapshot', session, () =>
      session.compute.snapshots.insert({
        project,
        requestId: requestIdOf(ctx, 'snapshot', disk.id),
        requestBody: {
          name: snapshotName(ctx, disk.id),
          sourceDisk: linkOf(disk.id),
          description: `Before a deletion by Idlewise, decision ${ctx.identity.decisionId}`,
          labels: { ...disk.labels, [PLAN_LABEL]: planLabel(ctx) },
        },
      }),
    );
  } catch (error) {
    // One that is there is looked at; and what became of it is said by looking, too: only what was not accepted ends the call.
    if (googleErrorCode(error) === 'alreadyExists') return;
    if (!(error instanceof Error) || error.name !== 'OperationFailed') throw error;
  }
}

function plain(row: WireSnapshot): DiskSnapshot {
  return {
    id: nameOfLink(row.selfLink),
    sourceId: row.sourceDisk === null ? '' : nameOfLink(row.sourceDisk),
    sizeGiB: row.diskSizeGb,
    state: stateOf(row.status),
    // The version of the key is written after its name.
    keyId: row.snapshotEncryptionKey?.kmsKeyName?.replace(/\/cryptoKeyVersions\/\d+$/, '') ?? null,
  };
}

function stateOf(status: string | null): DiskSnapshot['state'] {
  switch (status) {
    case 'READY':
      return 'completed';
    case 'CREATING':
    case 'UPLOADING':
      return 'pending';
    case 'FAILED':
    case 'DELETING':
      return 'failed';
    default:
      return 'unknown';
  }
}

/** Google allows 63 characters; the plan and the disk make it one of a kind, so that a repeated call makes the same one. */
export function snapshotName(ctx: ActionContext, diskId: string): string {
  const digest = sha256(`${ctx.identity.planDigest}/${diskId}`).slice(0, 16);
  return `idlewise-${lastPart(diskId).slice(0, 36)}-${digest}`;
}

function snapshotKey(ctx: ActionContext, diskId: string): string {
  return `//compute.googleapis.com/projects/${pathOf(diskId).projectId}/global/snapshots/${snapshotName(ctx, diskId)}`;
}

function planLabel(ctx: ActionContext): string {
  return ctx.identity.planDigest.slice(0, LABEL_LENGTH);
}

/** A label that Idlewise put there, as opposed to one that came with the disk. */
export function isOurs(key: string): boolean {
  return /^idlewise[-_]/.test(key);
}

/** A resource takes 64 labels and three of them are ours. */
function diskLabels(facts: VolumeFacts): Record<string, string> {
  const kept = Object.entries(facts.tags)
    .filter(([key]) => !isOurs(key))
    .slice(0, 60);
  return {
    ...Object.fromEntries(kept),
    'idlewise-disk-type': facts.volumeType,
    'idlewise-zone': facts.zone,
  };
}
