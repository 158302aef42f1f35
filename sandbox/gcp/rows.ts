import type { WorldDisk, WorldResource } from '../clouds/types.ts';
import type { CloudWorld } from '../clouds/world.ts';
import { GcpAccount } from './identities.ts';
import { idOf, linkTo, zoneIn } from './spell.ts';

type Row = Record<string, unknown>;
const STATUS = { running: 'RUNNING', stopping: 'STOPPING', stopped: 'TERMINATED', starting: 'STAGING' } as const;

export function instanceRow(vm: WorldResource, suspended: boolean): Row {
  const zone = `//compute.googleapis.com/projects/${vm.accountId}/zones/${zoneIn(vm.region)}`;
  const network = `//compute.googleapis.com/projects/${vm.accountId}/global/networks/default`;
  const subnet = `//compute.googleapis.com/projects/${vm.accountId}/regions/${vm.region}/subnetworks/default`;
  const access = vm.publicIp !== null && vm.power === 'running' ? [{ type: 'ONE_TO_ONE_NAT', natIP: vm.publicIp }] : [];
  return {
    kind: 'compute#instance',
    id: idOf(vm.key),
    name: vm.name,
    selfLink: linkTo(vm.key),
    creationTimestamp: new Date(vm.createdAt).toISOString().replace('Z', '-00:00'),
    ...(vm.stoppedAt === null ? {} : { lastStopTimestamp: new Date(vm.stoppedAt).toISOString() }),
    status: suspended ? 'SUSPENDED' : STATUS[vm.power ?? 'running'],
    zone: linkTo(zone),
    machineType: linkTo(`${zone}/machineTypes/${vm.size ?? ''}`),
    labels: vm.tags,
    labelFingerprint: '42WmSpB8rSM=',
    fingerprint: idOf(`${vm.key}/${vm.size}`).slice(0, 10),
    tags: { items: ['acme-web'], fingerprint: '42WmSpB8rSM=' },
    metadata: {
      items:
        vm.group === null
          ? []
          : [{ key: 'created-by', value: `projects/42/zones/${zoneIn(vm.region)}/instanceGroupManagers/${vm.group}` }],
    },
    disks: [...vm.disks].sort((a, b) => Number(b.boot) - Number(a.boot)).map(attachedRow),
    networkInterfaces: [
      {
        name: 'nic0',
        network: linkTo(network),
        subnetwork: linkTo(subnet),
        networkIP: '10.128.0.7',
        accessConfigs: access,
      },
    ],
    serviceAccounts: [{ email: '42-compute@developer.gserviceaccount.com', scopes: [] }],
    scheduling: {
      preemptible: false,
      provisioningModel: 'STANDARD',
      onHostMaintenance: 'MIGRATE',
      automaticRestart: true,
    },
    deletionProtection: vm.protected,
    cpuPlatform: vm.power === 'stopped' ? 'Unknown CPU Platform' : 'Intel Ice Lake',
  };
}

function attachedRow(disk: WorldDisk, index: number): Row {
  return {
    kind: 'compute#attachedDisk',
    type: 'PERSISTENT',
    mode: 'READ_WRITE',
    index,
    boot: disk.boot,
    autoDelete: disk.boot,
    deviceName: disk.name,
    source: linkTo(disk.key),
    diskSizeGb: String(disk.sizeGiB),
    ...(disk.boot ? { architecture: 'X86_64' } : {}),
  };
}

export function addressRow(address: WorldResource): Row {
  return {
    kind: 'compute#address',
    id: idOf(address.key),
    name: address.name,
    selfLink: linkTo(address.key),
    region: linkTo(`//compute.googleapis.com/projects/${address.accountId}/regions/${address.region}`),
    address: address.publicIp,
    addressType: 'EXTERNAL',
    networkTier: 'PREMIUM',
    status: address.attachedTo === null ? 'RESERVED' : 'IN_USE',
    labels: address.tags,
    ...(address.attachedTo === null ? {} : { users: [linkTo(address.attachedTo)] }),
  };
}

/** Cloud SQL calls a server that is off runnable as well; the activation policy tells them apart. */
export function databaseRow(world: CloudWorld, db: WorldResource): Row {
  const seeded = world.assets.find((a) => a.assetKey === db.key)?.database;
  const off = db.power === 'stopped' || db.power === 'starting';
  return {
    kind: 'sql#instance',
    name: db.name,
    project: db.accountId,
    region: db.region,
    state: 'RUNNABLE',
    databaseVersion: 'POSTGRES_16',
    instanceType: 'CLOUD_SQL_INSTANCE',
    createTime: new Date(db.createdAt).toISOString(),
    connectionName: `${db.accountId}:${db.region}:${db.name}`,
    serviceAccountEmailAddress: GcpAccount.read,
    settings: {
      kind: 'sql#settings',
      tier: db.size,
      settingsVersion: String(settingsVersionOf(world, db)),
      activationPolicy: off ? 'NEVER' : 'ALWAYS',
      availabilityType: seeded?.multiZone ? 'REGIONAL' : 'ZONAL',
      dataDiskSizeGb: String(seeded?.storageGiB ?? 10),
      dataDiskType: 'PD_SSD',
      deletionProtectionEnabled: false,
      userLabels: db.tags,
      ipConfiguration: { ipv4Enabled: true },
    },
  };
}

/** Counts up with every change. */
export function settingsVersionOf(world: CloudWorld, db: WorldResource): number {
  return 1 + world.state.mutations.filter((m) => m.key === db.key).length;
}
