import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { AddressFacts } from '../../../../schemas/cloud-facts.ts';
import { factsFrom } from '../../shared/found-rows.ts';
import type { AzureSession } from '../clients.ts';
import { idBefore, idOf, parseId } from '../ids.ts';
import { getOrNull, listAll, rowsOf } from './list-all.ts';
import { type Lock, lockedBy } from './locks.ts';
import type { NetworkIndex } from './network-index.ts';
import { OptionalText, parseAzure, SubResource, Tags } from './parse.ts';

const WireAddress = z.object({
  id: z.string(),
  location: z.string(),
  tags: Tags,
  zones: z.array(z.string()).nullish(),
  etag: OptionalText,
  ipAddress: OptionalText,
  ipConfiguration: SubResource.partial().nullish(),
  natGateway: SubResource.partial().nullish(),
  linkedPublicIPAddress: SubResource.partial().nullish(),
  servicePublicIPAddress: SubResource.partial().nullish(),
  publicIPPrefix: SubResource.partial().nullish(),
});

const OPERATION = 'Microsoft.Network/publicIPAddresses/read';

export async function describeAddresses(
  session: AzureSession,
  assets: readonly AssetRef[],
  { index, locks }: { readonly index: NetworkIndex; readonly locks: readonly Lock[] | null },
): Promise<Readings<AddressFacts>> {
  const { publicIPAddresses } = session.network;
  const found = await rowsOf(
    assets.map((a) => a.assetKey),
    OPERATION,
    {
      all: () => listAll(publicIPAddresses.listAll(), OPERATION),
      one: (id) => {
        const { resourceGroup = '', name = '' } = parseId(id) ?? {};
        return getOrNull(publicIPAddresses.get(resourceGroup, name), OPERATION);
      },
    },
  );
  return factsFrom(assets, found, (asset, row) =>
    toAddressFacts(asset, parseAzure(WireAddress, row, OPERATION), { index, locks }),
  );
}

function toAddressFacts(
  asset: AssetRef,
  row: z.infer<typeof WireAddress>,
  { index, locks }: { readonly index: NetworkIndex; readonly locks: readonly Lock[] | null },
): AddressFacts {
  const holder =
    row.ipConfiguration?.id ?? row.natGateway?.id ?? row.linkedPublicIPAddress?.id ?? row.servicePublicIPAddress?.id;
  const associationId = holder === undefined ? null : idOf(holder);
  const isNic = associationId?.includes('/networkinterfaces/') ?? false;
  const nicId = associationId !== null && isNic ? idBefore(associationId, '/ipconfigurations/') : null;
  const vm = nicId === null ? undefined : index.nics.get(nicId)?.virtualMachine?.id;
  return {
    ...asset,
    kind: 'address',
    region: row.location,
    tags: row.tags,
    state: associationId === null ? 'unassociated' : 'associated',
    // A dynamic address that nothing uses has no number, and costs nothing.
    publicIp: row.ipAddress ?? '',
    associationId,
    instanceId: vm === undefined ? null : idOf(vm),
    networkInterfaceId: nicId,
    deletionProtection: locks === null ? null : lockedBy(locks, asset.assetKey).deleting,
  };
}
