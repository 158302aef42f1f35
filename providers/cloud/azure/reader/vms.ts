import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import { type FoundRows, factsFrom, readFound } from '../../shared/found-rows.ts';
import type { AzureSession } from '../clients.ts';
import { idBefore, idOf, parseId } from '../ids.ts';
import { readDisks, type WireDisk, zoneOf } from './disks.ts';
import { getOrNull, listAll, rowsById, rowsOf } from './list-all.ts';
import { type Lock, lockedBy } from './locks.ts';
import { managedByFrom } from '../../../../domain/controllers/controller-of.ts';
import type { NetworkIndex } from './network-index.ts';
import { parseAzure, unknownWord } from './parse.ts';
import { hasLocalDisks, lastOperationAt, stateOf, stoppedAt } from './vm-state.ts';
import { WireVm, WireVmStatus } from './wire-vm.ts';

const OPERATION = 'Microsoft.Compute/virtualMachines/read';

function vmNode({ compute }: AzureSession, id: string): Promise<unknown> {
  const { resourceGroup = '', name = '' } = parseId(id) ?? {};
  return getOrNull(compute.virtualMachines.get(resourceGroup, name, { expand: 'instanceView' }), OPERATION);
}

/** One machine with its state; null when it is gone. Throws ProviderError. */
export async function readVm(session: AzureSession, id: string): Promise<WireVm | null> {
  const row = await vmNode(session, id);
  return row === null ? null : parseAzure(WireVm, row, OPERATION);
}

export interface VmContext {
  readonly index: NetworkIndex;
  /** Null: not read, and so not known. */
  readonly locks: readonly Lock[] | null;
}

export async function describeVms(
  session: AzureSession,
  assets: readonly AssetRef[],
  context: VmContext,
): Promise<Readings<InstanceFacts>> {
  const ids = assets.map((a) => a.assetKey);
  const found = readFound(await readVms(session, ids), (row) => parseAzure(WireVm, row, OPERATION));
  const disks = await readDisks(session, [...found.rows.values()].flatMap(diskIds));
  const facts = factsFrom(assets, found, (asset, row) =>
    toInstanceFacts(asset, row, { ...context, disks: disks.rows }),
  );
  return { rows: facts.rows, rejected: [...facts.rejected, ...disks.rejected] };
}

/** The list with the machines has no states, the list with the states has no machines. */
async function readVms(session: AzureSession, ids: readonly string[]): Promise<FoundRows<unknown>> {
  const { virtualMachines } = session.compute;
  return rowsOf(ids, OPERATION, {
    one: (id) => vmNode(session, id),
    all: async () => {
      const [models, states] = await Promise.all([
        listAll(virtualMachines.listAll(), OPERATION),
        listAll(virtualMachines.listAll({ statusOnly: 'true' }), OPERATION),
      ]);
      // A machine whose state cannot be read is one without a state, which it is refused for.
      const read = readFound(rowsById(states, OPERATION), (row) => parseAzure(WireVmStatus, row, OPERATION));
      return models.map((row) => ({ ...row, instanceView: read.rows.get(idOf(row.id ?? ''))?.instanceView }));
    },
  });
}

function diskIds(row: WireVm): string[] {
  return disksOn(row).flatMap((d) => (d.managedDisk ? idOf(d.managedDisk.id) : []));
}

function toInstanceFacts(
  asset: AssetRef,
  row: WireVm,
  context: VmContext & { readonly disks: ReadonlyMap<string, WireDisk> },
): InstanceFacts {
  const { osDisk } = row.storageProfile;
  const state = stateOf(row.instanceView, row.provisioningState);
  const locked = context.locks === null ? null : lockedBy(context.locks, asset.assetKey);
  return {
    ...asset,
    ...networkOf(row, context.index),
    kind: 'instance',
    region: row.location,
    tags: row.tags,
    state,
    instanceType: row.hardwareProfile.vmSize,
    architecture: architectureOf(row, context.disks),
    imageId: imageOf(row),
    launchTime: createdAt(row),
    stoppedAt: stoppedAt(row.instanceView, state),
    zone: zoneOf(row),
    workloadIdentity: identitiesOf(row),
    scalingGroup: row.virtualMachineScaleSet ? idOf(row.virtualMachineScaleSet.id) : null,
    managedBy: row.managedBy
      ? 'azure'
      : managedByFrom({
          provider: 'azure',
          tags: row.tags,
          name: row.tags['Name'] ?? '',
          resourceGroup: parseId(row.id)?.resourceGroup ?? null,
        }),
    spot: row.priority === 'Spot' || row.priority === 'Low',
    tenancy: tenancyOf(row),
    rootDisk: osDisk.diffDiskSettings ? 'local' : disksOn(row).every((d) => d.managedDisk) ? 'persistent' : null,
    localDisks: hasLocalDisks(row.hardwareProfile.vmSize),
    deletionProtection: locked?.deleting ?? null,
    stopProtection: locked?.changing ?? null,
    shutdownBehavior: 'stop',
    hibernationConfigured: row.additionalCapabilities?.hibernationEnabled === true,
    volumes: volumesOf(row, context.disks),
  };
}

/** Where nobody says, it is at least as old as its last operation. @throws RowError where that is not told either */
function createdAt(row: WireVm): string {
  const found = row.timeCreated ?? lastOperationAt(row.instanceView);
  if (found) return found;
  throw unknownWord(OPERATION, {
    field: 'properties.timeCreated',
    found: null,
    fix: 'nothing says how old the machine is',
  });
}

/** All of them or none: a machine with a disk we do not know well enough to copy is one whose disks are not known. */
function volumesOf(row: WireVm, disks: ReadonlyMap<string, WireDisk>): InstanceFacts['volumes'] {
  const all = disksOn(row).map((disk) => {
    const volumeId = disk.managedDisk ? idOf(disk.managedDisk.id) : null;
    const own = volumeId === null ? undefined : disks.get(volumeId);
    if (volumeId === null || own === undefined) return null;
    return {
      volumeId,
      device: disk.device,
      deletedWithInstance: disk.deleteOption === 'Delete',
      sizeGiB: own.diskSizeGB,
      volumeType: own.sku.name,
      encrypted: true,
    };
  });
  return all.some((disk) => disk === null) ? [] : all.filter((disk) => disk !== null);
}

function disksOn(row: WireVm) {
  const { osDisk, dataDisks } = row.storageProfile;
  return [{ ...osDisk, device: 'os' }, ...(dataDisks ?? []).map((d) => ({ ...d, device: `lun${d.lun}` }))];
}

function networkOf(
  row: WireVm,
  { nics, addresses, rejected }: NetworkIndex,
): Pick<
  InstanceFacts,
  'subnetId' | 'networkId' | 'firewallIds' | 'privateIp' | 'publicIp' | 'staticAddressId' | 'backendGroupIds'
> {
  const own = (row.networkProfile?.networkInterfaces ?? []).flatMap((ref) => {
    const unread = rejected.some((card) => card.assetKey === idOf(ref.id));
    // What is behind a card that cannot be read may count on this machine.
    if (unread)
      throw unknownWord(OPERATION, { field: 'networkInterfaces', found: ref.id, fix: 'could not be read itself' });
    return nics.get(idOf(ref.id)) ?? [];
  });
  const configs = own.flatMap((nic) => nic.ipConfigurations ?? []);
  const first = configs.find((c) => c.primary) ?? configs[0];
  const subnetId = first?.subnet?.id ? idOf(first.subnet.id) : null;
  const [publicId] = configs.flatMap((c) => (c.publicIPAddress?.id ? idOf(c.publicIPAddress.id) : []));
  const address = publicId === undefined ? undefined : addresses.get(publicId);
  const pools = configs.flatMap((c) => [
    ...(c.loadBalancerBackendAddressPools ?? []),
    ...(c.applicationGatewayBackendAddressPools ?? []),
    ...(c.loadBalancerInboundNatRules ?? []),
  ]);
  return {
    subnetId,
    networkId: subnetId === null ? null : idBefore(subnetId, '/subnets/'),
    firewallIds: own.flatMap((nic) => (nic.networkSecurityGroup?.id ? idOf(nic.networkSecurityGroup.id) : [])),
    // A dynamic address may be another one after a deallocation: then it is nothing to hold a plan to.
    privateIp: first?.privateIPAllocationMethod === 'Static' ? first.privateIPAddress : null,
    publicIp: address?.ipAddress ?? null,
    staticAddressId: publicId !== undefined && address?.static === true ? publicId : null,
    backendGroupIds: pools.flatMap((pool) => (pool.id ? idOf(pool.id) : [])),
  };
}

function architectureOf(row: WireVm, disks: ReadonlyMap<string, WireDisk>): string | null {
  const id = row.storageProfile.osDisk.managedDisk?.id;
  const said = id === undefined ? null : (disks.get(idOf(id))?.supportedCapabilities?.architecture ?? null);
  return said === 'x64' ? 'x86_64' : said === 'Arm64' ? 'arm64' : said;
}

function imageOf(row: WireVm): string | null {
  const image = row.storageProfile.imageReference;
  if (!image) return null;
  const named = [image.publisher, image.offer, image.sku, image.version];
  if (named.every((part) => part !== null)) return named.join(':');
  return image.id ?? image.sharedGalleryImageId ?? image.communityGalleryImageId;
}

function identitiesOf(row: WireVm): string | null {
  const { principalId = null, userAssignedIdentities } = row.identity ?? {};
  const all = [
    ...(principalId ? [principalId] : []),
    ...Object.keys(userAssignedIdentities ?? {})
      .map(idOf)
      .sort(),
  ];
  return all.length > 0 ? all.join(',') : null;
}

/** A reserved place is paid for whether the machine is there or not, as a host is. */
function tenancyOf(row: WireVm): string {
  if (row.host || row.hostGroup) return 'host';
  return row.capacityReservation?.capacityReservationGroup ? 'capacity-reservation' : 'default';
}
