import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';
import { addressFacts, instanceFacts, loadBalancerFacts, volumeFacts } from '../executor/facts.ts';

type Cloud = 'aws' | 'azure' | 'gcp';
type Kind = Exclude<CloudFacts['kind'], 'resource'>;
interface Row {
  readonly change: Record<string, unknown>;
  readonly expected: string;
}

/** The fact that makes a check refuse; `null` beside it: not known, which refuses as well. */
const refuse = (code: string, change: Record<string, unknown>): Row => ({ change, expected: code });
const flag = (code: string, fact: string): Row[] => [
  refuse(code, { [fact]: true }),
  refuse(`unknown:${code}`, { [fact]: null }),
];
const state = (value: string): Row[] => [refuse('state_not_allowed', { state: value })];

const AT = {
  azure: {
    provider: 'azure' as const,
    accountId: '00000000-0000-0000-0000-000000000001',
    region: 'westeurope',
    key: (type: ResourceType, name: string) =>
      `/subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/lab/providers/${type}/${name}`.toLowerCase(),
  },
  gcp: {
    provider: 'gcp' as const,
    accountId: 'acme-lab',
    region: 'europe-west1',
    key: (type: ResourceType, name: string) => GOOGLE[type]?.replace('NAME', name) ?? '',
  },
};
const GOOGLE: Partial<Record<ResourceType, string>> = {
  'compute.googleapis.com/Instance': '//compute.googleapis.com/projects/acme-lab/zones/europe-west1-b/instances/NAME',
  'compute.googleapis.com/Disk': '//compute.googleapis.com/projects/acme-lab/zones/europe-west1-b/disks/NAME',
  'compute.googleapis.com/Address': '//compute.googleapis.com/projects/acme-lab/regions/europe-west1/addresses/NAME',
  'sqladmin.googleapis.com/Instance': '//cloudsql.googleapis.com/projects/acme-lab/instances/NAME',
};

function moved(cloud: 'azure' | 'gcp', resourceType: ResourceType, facts: CloudFacts, over = {}): CloudFacts {
  const { key, ...place } = AT[cloud];
  const assetKey = key(resourceType, 'one');
  return { ...facts, ...place, resourceType, assetKey, resourceId: assetKey, ...over } as CloudFacts;
}

function database(over: Record<string, unknown>): CloudFacts {
  return {
    kind: 'database',
    provider: 'aws',
    accountId: '111111111111',
    region: 'eu-west-1',
    resourceType: 'AWS::RDS::DBInstance',
    resourceId: 'one',
    assetKey: 'arn:aws:rds:eu-west-1:111111111111:db:one',
    tags: {},
    state: 'available',
    engine: 'postgres',
    instanceClass: 'db.t3.medium',
    storageGiB: 20,
    storageType: 'gp3',
    createTime: '2025-01-01T00:00:00.000Z',
    replicaOf: null,
    replicas: [],
    clusterId: null,
    multiZone: false,
    deletionProtection: false,
    publiclyAccessible: false,
    ...over,
  } as CloudFacts;
}

const balancer = loadBalancerFacts({ registeredTargets: 0, healthyTargets: 0 });
const disks = [{ ...instanceFacts().volumes[0], volumeId: AT.gcp.key('compute.googleapis.com/Disk', 'boot') }];
const none = { deletionProtection: false };

/** One asset of each kind and cloud that nothing stands in the way of. */
export const PLAIN: Readonly<Record<Cloud, Partial<Record<Kind, CloudFacts>>>> = {
  aws: {
    instance: instanceFacts(),
    volume: volumeFacts(),
    address: addressFacts(),
    'load-balancer': balancer,
    database: database({}),
  },
  azure: {
    instance: moved('azure', 'Microsoft.Compute/virtualMachines', instanceFacts()),
    volume: moved('azure', 'Microsoft.Compute/disks', volumeFacts({ volumeType: 'Premium_LRS' }), none),
    address: moved('azure', 'Microsoft.Network/publicIPAddresses', addressFacts(), none),
    'load-balancer': moved('azure', 'Microsoft.Network/loadBalancers', balancer),
    database: moved('azure', 'Microsoft.Sql/managedInstances', database({ instanceClass: 'GP_Gen5_8' }), {
      stopProtection: false,
    }),
  },
  gcp: {
    instance: moved('gcp', 'compute.googleapis.com/Instance', instanceFacts(), { volumes: disks }),
    volume: moved('gcp', 'compute.googleapis.com/Disk', volumeFacts({ volumeType: 'pd-balanced' })),
    address: moved('gcp', 'compute.googleapis.com/Address', addressFacts()),
    database: moved('gcp', 'sqladmin.googleapis.com/Instance', database({})),
  },
};

const managed_by: Row[] = [refuse('managed_by_terraform', { tags: { 'managed-by': 'terraform' } })];
const encrypted = (keys: readonly (string | null)[]) =>
  keys.map((encryptionKeyId, i) => ({
    volumeId: `vol-${i}`,
    device: `/dev/sd${i}`,
    deletedWithInstance: true,
    sizeGiB: 8,
    volumeType: 'gp3',
    encrypted: true,
    encryptionKeyId,
  }));
const replica = [refuse('replica', { replicaOf: 'other' })];
const replica_source = [refuse('replica_source', { replicas: ['other'] })];
const address_associated = [
  refuse('address_associated', { state: 'associated' }),
  refuse('address_associated', { associationId: 'eipassoc-1' }),
];
const address_without_number = [refuse('address_without_number', { publicIp: '' })];
const volume = {
  managed_by,
  volume_attached: [refuse('volume_attached', { attachedInstanceIds: ['i-1'] })],
  state_not_allowed: state('creating'),
  multi_attach: [refuse('multi_attach', { multiAttach: true })],
};
const instance = {
  managed_by: [...managed_by, refuse('managed_by_eks', { managedBy: 'eks' })],
  spot: [refuse('spot', { spot: true })],
  lb_target_registered: [refuse('lb_target_registered', { backendGroupIds: ['web'] })],
  dedicated_tenancy: [
    refuse('dedicated_tenancy', { tenancy: 'host' }),
    refuse('unknown:dedicated_tenancy', { tenancy: null }),
  ],
  volumes: [refuse('unknown:volumes', { volumes: [] })],
  architecture: [refuse('unknown:architecture', { architecture: null })],
};
const lost = (code: string) => [refuse(code, { publicIp: '198.51.100.4', staticAddressId: null })];
const hibernation_configured = [refuse('hibernation_configured', { hibernationConfigured: true })];
const group = (code: string) => [refuse(code, { scalingGroup: 'workers' })];
const root = (code: string) => [refuse(code, { rootDisk: 'local' }), refuse(`unknown:${code}`, { rootDisk: null })];

/** What makes each check of each cloud refuse. A check without a row fails its test. */
export const ROWS: Readonly<Record<Cloud, Partial<Record<Kind, Readonly<Record<string, readonly Row[]>>>>>> = {
  aws: {
    instance: {
      ...instance,
      state_not_allowed: [...state('pending'), ...state('shutting-down')],
      root_device_instance_store: root('root_device_instance_store'),
      instance_store_volumes: flag('instance_store_volumes', 'localDisks'),
      asg_member: group('asg_member'),
      stop_protection: flag('stop_protection', 'stopProtection'),
      termination_protection: flag('termination_protection', 'deletionProtection'),
      shutdown_behavior_terminate: [
        refuse('shutdown_behavior_terminate', { shutdownBehavior: 'terminate' }),
        refuse('unknown:shutdown_behavior_terminate', { shutdownBehavior: null }),
      ],
      hibernation_configured,
      public_ip_without_eip: lost('public_ip_without_eip'),
      kms_key: [refuse('unknown:kms_key', { volumes: encrypted([null]) })],
      kms_keys_too_many: [
        refuse('kms_keys_too_many', { volumes: encrypted(Array.from({ length: 13 }, (_, i) => `k${i}`)) }),
      ],
    },
    volume: { ...volume, kms_key: [refuse('unknown:kms_key', { encrypted: true, encryptionKeyId: null })] },
    address: { managed_by, address_associated },
    'load-balancer': {
      managed_by,
      state_not_allowed: state('provisioning'),
      deletion_protection: flag('deletion_protection', 'deletionProtection'),
    },
    database: {
      managed_by,
      state_not_allowed: state('creating'),
      replica,
      replica_source,
      cluster_member: [refuse('cluster_member', { clusterId: 'aurora' })],
      multi_zone_sqlserver: [
        refuse('multi_zone_sqlserver', { engine: 'sqlserver-se', multiZone: true }),
        refuse('unknown:multi_zone_sqlserver', { engine: 'sqlserver-se', multiZone: null }),
      ],
    },
  },
  azure: {
    instance: {
      ...instance,
      state_not_allowed: [...state('pending'), ...state('suspended')],
      os_disk_not_managed: [refuse('os_disk_not_managed', { rootDisk: null })],
      ephemeral_os_disk: [refuse('ephemeral_os_disk', { rootDisk: 'local' })],
      local_disks: flag('local_disks', 'localDisks'),
      scale_set_member: group('scale_set_member'),
      read_only_lock: flag('read_only_lock', 'stopProtection'),
      delete_lock: flag('delete_lock', 'deletionProtection'),
      hibernation_configured,
      dynamic_public_ip: lost('dynamic_public_ip'),
    },
    volume: {
      ...volume,
      delete_lock: [...flag('delete_lock', 'deletionProtection')],
      disk_type_not_supported: [refuse('disk_type_not_supported', { volumeType: 'UltraSSD_LRS' })],
    },
    address: {
      managed_by,
      delete_lock: flag('delete_lock', 'deletionProtection'),
      address_associated,
      address_without_number,
    },
    'load-balancer': {
      managed_by,
      state_not_allowed: state('provisioning'),
      lb_has_backends: [refuse('lb_has_backends', { registeredTargets: 1 })],
      delete_lock: flag('delete_lock', 'deletionProtection'),
    },
    database: {
      managed_by,
      state_not_allowed: state('creating'),
      replica,
      replica_source,
      pool_member: [refuse('pool_member', { clusterId: 'pool' })],
      tier_cannot_be_stopped: [refuse('tier_cannot_be_stopped', { instanceClass: 'BC_Gen5_8' })],
      read_only_lock: flag('read_only_lock', 'stopProtection'),
    },
  },
  gcp: {
    instance: {
      ...instance,
      state_not_allowed: [...state('pending'), ...state('stopped-allocated')],
      suspended: [refuse('suspended', { state: 'suspended' })],
      boot_disk_not_persistent: root('boot_disk_not_persistent'),
      local_ssd: flag('local_ssd', 'localDisks'),
      instance_group_member: group('instance_group_member'),
      deletion_protection: flag('deletion_protection', 'deletionProtection'),
      deleted_when_stopped: [
        refuse('deleted_when_stopped', { shutdownBehavior: 'terminate' }),
        refuse('unknown:deleted_when_stopped', { shutdownBehavior: null }),
      ],
      regional_disk: [refuse('regional_disk', { volumes: [{ ...disks[0], volumeId: 'elsewhere' }] })],
      ephemeral_external_ip: lost('ephemeral_external_ip'),
    },
    volume: {
      ...volume,
      regional_disk: [
        refuse('regional_disk', {
          assetKey: '//compute.googleapis.com/projects/acme-lab/regions/europe-west1/disks/one',
          resourceId: '//compute.googleapis.com/projects/acme-lab/regions/europe-west1/disks/one',
        }),
      ],
      disk_type_not_supported: [refuse('disk_type_not_supported', { volumeType: 'pd-extreme' })],
      customer_supplied_key: [refuse('customer_supplied_key', { encryptionKeyId: 'customer-supplied' })],
    },
    address: { managed_by, address_associated, address_without_number },
    database: {
      managed_by,
      state_not_allowed: state('creating'),
      replica,
      replica_source,
      pool_member: [refuse('pool_member', { clusterId: 'pool' })],
    },
  },
};
