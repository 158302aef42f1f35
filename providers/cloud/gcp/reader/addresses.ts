import { z } from 'zod';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { AddressFacts } from '../../../../schemas/cloud-facts.ts';
import type { GcpSession } from '../clients.ts';
import { lastPart, nameOfLink, parseName, pathOf } from '../ids.ts';
import { getOrNull, listScoped, type NamedRows, PAGE_ROWS, rowsByName } from './list-all.ts';
import { Labels, OptionalText, parseGoogle, unknownWord } from './parse.ts';

export const WireAddress = z.object({
  name: z.string(),
  selfLink: z.string(),
  status: z.string(),
  address: OptionalText,
  addressType: OptionalText,
  purpose: OptionalText,
  region: OptionalText,
  labels: Labels,
  users: z.array(z.string()).nullish(),
});
export type WireAddress = z.infer<typeof WireAddress>;

const LIST = 'compute.addresses.list';
const GET = 'compute.addresses.get';

/** Every address of a project, global ones included. Throws ProviderError. */
export async function listAddresses({ compute }: GcpSession, project: string): Promise<NamedRows> {
  const listed = await listScoped(
    (pageToken) =>
      compute.addresses.aggregatedList({
        project,
        maxResults: PAGE_ROWS,
        returnPartialSuccess: true,
        ...(pageToken ? { pageToken } : {}),
      }),
    'addresses',
    LIST,
  );
  return rowsByName(listed, LIST);
}

/** One address as Google sent it; null when it is gone. Throws ProviderError. */
export function addressNode({ compute }: GcpSession, key: string): Promise<unknown> {
  const { projectId: project, scope, place, name: address } = pathOf(key);
  return getOrNull(
    scope === 'global'
      ? compute.globalAddresses.get({ project, address })
      : compute.addresses.get({ project, region: place, address }),
    GET,
  );
}

export function toWireAddress(node: unknown): WireAddress {
  return parseGoogle(WireAddress, node, GET);
}

export function toAddressFacts(asset: AssetRef, row: WireAddress): AddressFacts {
  const holder = holderOf(row);
  return {
    ...asset,
    kind: 'address',
    region: row.region === null ? 'global' : lastPart(row.region),
    tags: row.labels,
    state: holder === null ? 'unassociated' : 'associated',
    publicIp: row.address ?? '',
    associationId: holder,
    instanceId: holder !== null && parseName(holder)?.collection === 'instances' ? holder : null,
    networkInterfaceId: null,
  };
}

/**
 * What the address is for, which also counts without a user: internal ones and those with a purpose (peering, services) are
 * reserved so that nobody else gets them, and cost nothing.
 */
function holderOf(row: WireAddress): string | null {
  const [user] = row.users ?? [];
  if (user !== undefined) return nameOfLink(user);
  if (row.addressType !== null && row.addressType !== 'EXTERNAL') return `type/${row.addressType}`;
  if (row.purpose !== null) return `purpose/${row.purpose}`;
  switch (row.status) {
    case 'RESERVED':
      return null;
    case 'IN_USE':
    case 'RESERVING':
      return `status/${row.status}`;
    default:
      throw unknownWord(GET, 'status', row.status);
  }
}
