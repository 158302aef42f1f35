import { z } from 'zod';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { VolumeFacts } from '../../../../schemas/cloud-facts.ts';
import type { GcpSession } from '../clients.ts';
import { lastPart, nameOfLink, pathOf, regionOfZone } from '../ids.ts';
import { getOrNull, listScoped, type NamedRows, PAGE_ROWS, rowsByName } from './list-all.ts';
import {
  Instant,
  Labels,
  OptionalFlag,
  OptionalText,
  OptionalWhole,
  parseGoogle,
  unknownWord,
  Whole,
} from './parse.ts';

export const WireDisk = z.object({
  name: z.string(),
  selfLink: z.string(),
  status: z.string(),
  zone: OptionalText,
  region: OptionalText,
  sizeGb: Whole,
  type: z.string(),
  labels: Labels,
  users: z.array(z.string()).nullish(),
  creationTimestamp: Instant,
  sourceImage: OptionalText,
  architecture: OptionalText,
  accessMode: OptionalText,
  multiWriter: OptionalFlag,
  provisionedIops: OptionalWhole,
  provisionedThroughput: OptionalWhole,
  diskEncryptionKey: z.object({ kmsKeyName: OptionalText, sha256: OptionalText }).nullish(),
});
export type WireDisk = z.infer<typeof WireDisk>;

const LIST = 'compute.disks.list';
const GET = 'compute.disks.get';

/** Every disk of a project. Throws ProviderError. */
export async function listDisks({ compute }: GcpSession, project: string): Promise<NamedRows> {
  const listed = await listScoped(
    (pageToken) =>
      compute.disks.aggregatedList({
        project,
        maxResults: PAGE_ROWS,
        returnPartialSuccess: true,
        ...(pageToken ? { pageToken } : {}),
      }),
    'disks',
    LIST,
  );
  return rowsByName(listed, LIST);
}

/** One disk as Google sent it; null when it is gone. Throws ProviderError. */
export function diskNode({ compute }: GcpSession, key: string): Promise<unknown> {
  const { projectId: project, scope, place, name: disk } = pathOf(key);
  return getOrNull(
    scope === 'regions'
      ? compute.regionDisks.get({ project, region: place, disk })
      : compute.disks.get({ project, zone: place, disk }),
    GET,
  );
}

/** One disk; null when it is gone. Throws ProviderError. */
export async function readDisk(session: GcpSession, key: string): Promise<WireDisk | null> {
  const row = await diskNode(session, key);
  return row === null ? null : toWireDisk(row);
}

export function toWireDisk(node: unknown): WireDisk {
  return parseGoogle(WireDisk, node, GET);
}

export function toVolumeFacts(asset: AssetRef, row: WireDisk): VolumeFacts {
  const key = row.diskEncryptionKey;
  const place = lastPart(row.zone ?? row.region ?? '');
  return {
    ...asset,
    kind: 'volume',
    region: row.zone === null ? place : regionOfZone(place),
    tags: row.labels,
    state: stateOf(row),
    sizeGiB: row.sizeGb,
    volumeType: lastPart(row.type),
    iops: row.provisionedIops,
    throughput: row.provisionedThroughput,
    // Always encrypted at rest; with a key of Google's unless another is named.
    encrypted: true,
    encryptionKeyId: key?.kmsKeyName ?? (key?.sha256 ? 'customer-supplied' : null),
    multiAttach: row.multiWriter === true || /MANY/.test(row.accessMode ?? ''),
    createTime: row.creationTimestamp,
    zone: place,
    attachedInstanceIds: (row.users ?? []).map(nameOfLink),
  };
}

function stateOf(row: WireDisk): VolumeFacts['state'] {
  switch (row.status) {
    case 'READY':
      return (row.users ?? []).length > 0 ? 'in-use' : 'available';
    case 'CREATING':
    case 'RESTORING':
      return 'creating';
    case 'DELETING':
      return 'deleting';
    case 'FAILED':
    case 'UNAVAILABLE':
      return 'error';
    default:
      throw unknownWord(GET, 'status', row.status);
  }
}
