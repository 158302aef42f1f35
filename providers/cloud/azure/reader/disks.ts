import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { VolumeFacts } from '../../../../schemas/cloud-facts.ts';
import { type FoundRows, factsFrom, readFound, soleRow } from '../../shared/found-rows.ts';
import type { AzureSession } from '../clients.ts';
import { idOf, parseId } from '../ids.ts';
import { getOrNull, listAll, rowsOf } from './list-all.ts';
import { type Lock, lockedBy } from './locks.ts';
import { Instant, OptionalNumber, OptionalText, parseAzure, Tags, unknownWord } from './parse.ts';

const BYTES_PER_GIB = 1024 ** 3;

const DiskRow = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: Tags,
  zones: z.array(z.string()).nullish(),
  managedBy: OptionalText,
  managedByExtended: z.array(z.string()).nullish(),
  sku: z.object({ name: z.string() }),
  diskSizeGB: OptionalNumber,
  /** A disk that waits for its content says only how much that will be, and 512 bytes of trailer. */
  creationData: z.object({ uploadSizeBytes: OptionalNumber }).nullish(),
  diskIopsReadWrite: OptionalNumber,
  diskMBpsReadWrite: OptionalNumber,
  diskState: OptionalText,
  provisioningState: OptionalText,
  timeCreated: Instant,
  maxShares: OptionalNumber,
  encryption: z.object({ diskEncryptionSetId: OptionalText }).nullish(),
  supportedCapabilities: z.object({ architecture: OptionalText }).nullish(),
});
export const WireDisk = DiskRow.transform((row, context) => {
  const bytes = row.creationData?.uploadSizeBytes;
  const diskSizeGB = row.diskSizeGB ?? (bytes ? Math.floor(bytes / BYTES_PER_GIB) : null);
  if (diskSizeGB !== null) return { ...row, diskSizeGB };
  context.addIssue({
    code: 'custom',
    path: ['diskSizeGB'],
    message: 'must be the size, or uploadSizeBytes must be there',
  });
  return z.NEVER;
});
export type WireDisk = z.output<typeof WireDisk>;

const OPERATION = 'Microsoft.Compute/disks/read';
const STATES: Readonly<Record<string, VolumeFacts['state']>> = {
  Unattached: 'available',
  Attached: 'in-use',
  /** On a machine that is deallocated. */
  Reserved: 'in-use',
  Frozen: 'in-use',
  /** Somebody is copying it through a link. */
  ActiveSAS: 'in-use',
  ActiveSASFrozen: 'in-use',
  ActiveUpload: 'creating',
  ReadyToUpload: 'creating',
};

/** Disks of these ids; what is gone is absent. Throws ProviderError. */
export async function readDisks(session: AzureSession, ids: readonly string[]): Promise<FoundRows<WireDisk>> {
  const { disks } = session.compute;
  const found = await rowsOf(ids, OPERATION, {
    all: () => listAll(disks.list(), OPERATION),
    one: (id) => {
      const { resourceGroup = '', name = '' } = parseId(id) ?? {};
      return getOrNull(disks.get(resourceGroup, name), OPERATION);
    },
  });
  return readFound(found, (row) => parseAzure(WireDisk, row, OPERATION));
}

/** One disk; null when it is gone. Throws ProviderError. */
export async function readDisk(session: AzureSession, id: string): Promise<WireDisk | null> {
  return soleRow(await readDisks(session, [id]), id, { provider: 'azure', operation: OPERATION });
}

export async function describeDisks(
  session: AzureSession,
  assets: readonly AssetRef[],
  locks: readonly Lock[] | null,
): Promise<Readings<VolumeFacts>> {
  const ids = assets.map((a) => a.assetKey);
  return factsFrom(assets, await readDisks(session, ids), (asset, row) => toVolumeFacts(asset, row, locks));
}

function toVolumeFacts(asset: AssetRef, row: WireDisk, locks: readonly Lock[] | null): VolumeFacts {
  return {
    ...asset,
    kind: 'volume',
    region: row.location,
    tags: row.tags,
    state: stateOf(row),
    sizeGiB: row.diskSizeGB,
    volumeType: row.sku.name,
    iops: row.diskIopsReadWrite,
    throughput: row.diskMBpsReadWrite,
    // Managed disks are always encrypted at rest; with a key of the platform unless a set names another.
    encrypted: true,
    encryptionKeyId: row.encryption?.diskEncryptionSetId ? idOf(row.encryption.diskEncryptionSetId) : null,
    multiAttach: (row.maxShares ?? 1) > 1,
    createTime: row.timeCreated,
    zone: zoneOf(row),
    attachedInstanceIds: [
      ...new Set([...(row.managedBy ? [row.managedBy] : []), ...(row.managedByExtended ?? [])].map(idOf)),
    ],
    deletionProtection: locks === null ? null : lockedBy(locks, asset.assetKey).deleting,
  };
}

/** `westeurope-1`, or the region alone. */
export function zoneOf(row: {
  readonly location: string;
  readonly zones?: readonly string[] | null | undefined;
}): string {
  const [zone] = row.zones ?? [];
  return zone === undefined ? row.location : `${row.location}-${zone}`;
}

function stateOf(row: WireDisk): VolumeFacts['state'] {
  if (row.provisioningState === 'Deleting') return 'deleting';
  if (row.provisioningState === 'Failed') return 'error';
  const state = row.diskState === null ? undefined : STATES[row.diskState];
  if (state !== undefined) return state;
  throw unknownWord(OPERATION, {
    field: 'properties.diskState',
    found: row.diskState,
    fix: 'is not a state this version knows; nothing is done to it',
  });
}
