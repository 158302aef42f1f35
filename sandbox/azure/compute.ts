import { createHash } from 'node:crypto';
import type { WorldDisk, WorldResource, WorldSnapshot } from '../clouds/types.ts';
import type { CloudWorld } from '../clouds/world.ts';
import { spelled } from './spell.ts';

const VM = 'Microsoft.Compute/virtualMachines';
const DISK = 'Microsoft.Compute/disks';

export interface DiskRow extends WorldDisk {
  readonly accountId: string;
  readonly region: string;
  readonly createdAt: number;
  readonly tags: Record<string, string>;
  /** The machine it is on. */
  readonly on: WorldResource | null;
}

/** Assets of their own, and the disks that came with machines; those set to be deleted with their machine went with it. */
export function disksOf(world: CloudWorld, accountId: string): DiskRow[] {
  const own = world.all().filter((r) => r.kind === 'volume' && r.accountId === accountId);
  const sizes = new Map(world.state.resources.flatMap((r) => r.disks.map((d) => [d.key, d] as const)));
  const seeded = new Map(world.assets.map((a) => [a.assetKey, a.volume]));
  const assets = own.map((r): DiskRow => {
    const volume = seeded.get(r.key);
    return {
      key: r.key,
      name: r.name,
      sizeGiB: volume?.sizeGiB ?? sizes.get(r.key)?.sizeGiB ?? 0,
      type: volume?.volumeType ?? 'StandardSSD_LRS',
      boot: false,
      accountId,
      region: r.region,
      createdAt: r.createdAt,
      tags: r.tags,
      on: r.attachedTo === null ? null : world.find(r.attachedTo),
    };
  });
  const keys = new Set(world.state.resources.filter((r) => r.kind === 'volume').map((r) => r.key));
  const others = world.state.resources
    .filter((r) => r.kind === 'instance' && r.accountId === accountId)
    .flatMap((vm) =>
      vm.disks
        .filter((d) => !keys.has(d.key) && (!vm.gone || !d.boot))
        .map((d) => ({
          ...d,
          type: d.boot ? 'Premium_LRS' : 'StandardSSD_LRS',
          accountId,
          region: vm.region,
          createdAt: vm.createdAt,
          tags: {},
          on: vm.gone ? null : vm,
        })),
    );
  return [...assets, ...others];
}

export function diskRow(disk: DiskRow): Record<string, unknown> {
  const vm = disk.on;
  return {
    id: spelled(disk.accountId, DISK, disk.name),
    name: disk.name,
    type: DISK,
    location: disk.region,
    tags: disk.tags,
    ...(vm === null ? {} : { managedBy: spelled(vm.accountId, VM, vm.name, true) }),
    sku: { name: disk.type, tier: disk.type.split('_')[0] },
    properties: {
      creationData: { createOption: disk.boot ? 'FromImage' : 'Empty' },
      diskSizeGB: disk.sizeGiB,
      diskIOPSReadWrite: 500,
      diskMBpsReadWrite: 100,
      timeCreated: new Date(disk.createdAt).toISOString(),
      provisioningState: 'Succeeded',
      diskState: vm === null ? 'Unattached' : vm.power === 'stopped' ? 'Reserved' : 'Attached',
      encryption: { type: 'EncryptionAtRestWithPlatformKey' },
      supportedCapabilities: { architecture: 'x64' },
      publicNetworkAccess: 'Disabled',
    },
  };
}

export function etagOf(vm: WorldResource): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([vm.size, vm.tags, vm.disks.length]))
    .digest('hex');
  return `"${digest.slice(0, 16)}"`;
}

export function vmRow(
  vm: WorldResource,
  options: { readonly view: boolean; readonly allocated: boolean },
): Record<string, unknown> {
  const { accountId, name } = vm;
  const [boot, ...data] = [...vm.disks].sort((a, b) => Number(b.boot) - Number(a.boot));
  const deallocated = vm.power === 'stopped' && !options.allocated;
  // Azure leaves sizes and types of disks out while a machine is deallocated.
  const disk = (d: WorldDisk | undefined, deleteOption: string) => ({
    name: d?.name,
    createOption: d?.boot ? 'FromImage' : 'Attach',
    deleteOption,
    ...(deallocated ? {} : { diskSizeGB: d?.sizeGiB }),
    managedDisk: { id: spelled(accountId, DISK, d?.name ?? '') },
  });
  return {
    id: spelled(accountId, VM, name),
    name,
    type: VM,
    location: vm.region,
    tags: vm.tags,
    etag: etagOf(vm),
    identity: {
      type: 'SystemAssigned',
      principalId: `9e9a0000-0000-4000-8000-${createHash('md5').update(name).digest('hex').slice(0, 12)}`,
    },
    properties: {
      vmId: createHash('md5').update(vm.key).digest('hex'),
      provisioningState: vm.power === 'starting' || vm.power === 'stopping' ? 'Updating' : 'Succeeded',
      timeCreated: new Date(vm.createdAt).toISOString(),
      hardwareProfile: { vmSize: vm.size },
      priority: 'Regular',
      ...(vm.group === null
        ? {}
        : {
            virtualMachineScaleSet: { id: spelled(accountId, 'Microsoft.Compute/virtualMachineScaleSets', vm.group) },
          }),
      storageProfile: {
        imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
        osDisk: { osType: 'Linux', caching: 'ReadWrite', ...disk(boot, 'Delete') },
        dataDisks: data.map((d, lun) => ({ lun, ...disk(d, 'Detach') })),
      },
      networkProfile: {
        networkInterfaces: [{ id: spelled(accountId, 'Microsoft.Network/networkInterfaces', `${name}-nic`, true) }],
      },
      ...(options.view ? { instanceView: { statuses: statuses(vm, options.allocated) } } : {}),
    },
  };
}

export function vmStatusRow(vm: WorldResource, allocated: boolean): Record<string, unknown> {
  return {
    id: spelled(vm.accountId, VM, vm.name),
    name: vm.name,
    location: vm.region,
    properties: { instanceView: { statuses: statuses(vm, allocated) } },
  };
}

function statuses(vm: WorldResource, allocated: boolean): Record<string, unknown>[] {
  const words = {
    running: 'running',
    starting: 'starting',
    stopping: 'deallocating',
    stopped: allocated ? 'stopped' : 'deallocated',
  } as const;
  const passing = vm.power === 'starting' || vm.power === 'stopping';
  return [
    passing
      ? { code: 'ProvisioningState/updating', level: 'Info', displayStatus: 'Updating' }
      : {
          code: 'ProvisioningState/succeeded',
          level: 'Info',
          displayStatus: 'Provisioning succeeded',
          time: new Date(vm.stoppedAt ?? vm.createdAt).toISOString(),
        },
    { code: `PowerState/${words[vm.power ?? 'running']}`, level: 'Info', displayStatus: `VM ${vm.power}` },
  ];
}

export function snapshotRow(world: CloudWorld, snapshot: WorldSnapshot): Record<string, unknown> {
  const ready = world.now() >= snapshot.readyAt;
  return {
    id: spelled(snapshot.accountId, 'Microsoft.Compute/snapshots', snapshot.name),
    name: snapshot.name,
    type: 'Microsoft.Compute/snapshots',
    location: snapshot.region,
    tags: snapshot.tags,
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    properties: {
      creationData: { createOption: 'Copy', sourceResourceId: snapshot.sourceKey },
      diskSizeGB: snapshot.sizeGiB,
      incremental: true,
      timeCreated: new Date(snapshot.createdAt).toISOString(),
      provisioningState: !ready ? 'Creating' : snapshot.fails ? 'Failed' : 'Succeeded',
      completionPercent: ready && !snapshot.fails ? 100 : 40,
      encryption: { type: 'EncryptionAtRestWithPlatformKey' },
    },
  };
}
