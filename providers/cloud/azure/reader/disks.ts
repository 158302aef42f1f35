import { z } from 'zod';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { VolumeFacts } from '../../../../schemas/cloud-facts.ts';
import type { AzureSession } from '../clients.ts';
import { idOf, parseId } from '../ids.ts';
import { factsFrom, getOrNull, listAll, rowsOf, understood } from './list-all.ts';
import { Instant, malformed, OptionalNumber, OptionalText, parseAzure, Tags } from './parse.ts';

export const WireDisk = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: Tags,
  zones: z.array(z.string()).nullish(),
  managedBy: OptionalText,
  managedByExtended: z.array(z.string()).nullish(),
  sku: z.object({ name: z.string() }),
  diskSizeGB: z.number(),
  diskIopsReadWrite: OptionalNumber,
  diskMBpsReadWrite: OptionalNumber,
  diskState: OptionalText,
  provisioningState: OptionalText,
  timeCreated: Instant,
  maxShares: OptionalNumber,
  encryption: z.object({ diskEncryptionSetId: OptionalText }).nullish(),
  supportedCapabilities: z.object({ architecture: OptionalText }).nullish(),
});
export type WireDisk = z.infer<typeof WireDisk>;

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

/** Disks by id in lower case; what is gone is absent. Throws ProviderError. */
export async function readDisks(
  session: AzureSession,
  ids: readonly string[],
  strict = true,
): Promise<ReadonlyMap<string, WireDisk>> {
  const { disks } = session.compute;
  const rows = await rowsOf(ids, {
    all: () => listAll(disks.list(), OPERATION),
    one: (id) => {
      const { resourceGroup = '', name = '' } = parseId(id) ?? {};
      return getOrNull(disks.get(resourceGroup, name), OPERATION);
    },
  });
  return understood(rows, strict, (row) => parseAzure(WireDisk, row, OPERATION));
}

export async function describeDisks(
  session: AzureSession,
  assets: readonly AssetRef[],
  strict: boolean,
): Promise<VolumeFacts[]> {
  const ids = assets.map((a) => a.assetKey);
  return factsFrom(assets, await readDisks(session, ids, strict), { strict, read: toVolumeFacts });
}

function toVolumeFacts(asset: AssetRef, row: WireDisk): VolumeFacts {
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
    kmsKeyId: row.encryption?.diskEncryptionSetId ? idOf(row.encryption.diskEncryptionSetId) : null,
    multiAttach: (row.maxShares ?? 1) > 1,
    createTime: row.timeCreated,
    availabilityZone: zoneOf(row),
    attachedInstanceIds: [
      ...new Set([...(row.managedBy ? [row.managedBy] : []), ...(row.managedByExtended ?? [])].map(idOf)),
    ],
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
  throw malformed(
    OPERATION,
    `${row.id} has the disk state ${row.diskState ?? 'none'}, which is not known; nothing is done to it`,
  );
}
