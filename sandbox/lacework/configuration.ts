import { kindOf } from '../estate/kinds.ts';
import { hexOf, keyOf } from '../estate/random.ts';
import type { SeededAsset } from '../estate/types.ts';
import { cloudOf, iso, machineIdOf } from './names.ts';
import type { CloudState, Row, World } from './types.ts';

/** Raw cloud configuration of an asset, as the describe calls of its cloud write it. */
export function configurationOf(world: World, asset: SeededAsset, state: CloudState): Row {
  const createdAt = iso((world.estate.seededAt - asset.createdDaysAgo * 86_400) * 1000);
  const stopped = state === 'stopped' || asset.instance?.stopped === true;
  switch (cloudOf(asset)) {
    case 'aws':
      return awsConfiguration(world, asset, { createdAt, stopped });
    case 'azure':
      return azureConfiguration(world, asset, { createdAt, stopped });
    case 'gcp':
      return gcpConfiguration(world, asset, { createdAt, stopped });
  }
}

/** The one security group of an asset. */
export const groupOf = (seed: number, asset: SeededAsset): string =>
  `sg-${hexOf(keyOf(seed, `group/${asset.name}`), 17)}`;
/** Administrators and a third of the others have an instance profile. */
export const hasProfile = (asset: SeededAsset): boolean =>
  asset.posture.adminPrivileges || keyOf(3, asset.name) % 3 === 0;
export const profileOf = (asset: SeededAsset): string =>
  `arn:aws:iam::${asset.accountId}:instance-profile/${asset.name}-profile`;

interface Seen {
  readonly createdAt: string;
  readonly stopped: boolean;
}

function awsConfiguration(world: World, asset: SeededAsset, { createdAt, stopped }: Seen): Row {
  const groups = [{ GroupId: groupOf(world.estate.seed, asset), GroupName: `${asset.name}-group` }];
  const exposed = asset.posture.internetExposed;
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return {
        InstanceId: asset.resourceId,
        InstanceType: asset.instance?.instanceType ?? 'm5.large',
        LaunchTime: createdAt,
        State: stopped ? { Code: 80, Name: 'stopped' } : { Code: 16, Name: 'running' },
        SecurityGroups: groups,
        ...(exposed && !stopped ? { PublicIpAddress: '198.51.100.7' } : {}),
        ...(hasProfile(asset) ? { IamInstanceProfile: { Arn: profileOf(asset), Id: 'AIPA1' } } : {}),
      };
    case 'volume':
      return volumeConfiguration(asset, createdAt);
    case 'address': {
      const attached = asset.address?.attachedTo !== undefined;
      return { AllocationId: asset.resourceId, ...(attached ? { AssociationId: `eipassoc-${asset.name}` } : {}) };
    }
    case 'load-balancer':
      return {
        LoadBalancerArn: asset.resourceId,
        LoadBalancerName: asset.name,
        CreatedTime: createdAt,
        Scheme: exposed ? 'internet-facing' : 'internal',
        State: { Code: 'active' },
        SecurityGroups: groups.map((group) => group.GroupId),
      };
    case 'database':
      return {
        DBInstanceIdentifier: asset.resourceId,
        DBInstanceStatus: stopped ? 'stopped' : 'available',
        InstanceCreateTime: createdAt,
        PubliclyAccessible: exposed,
        VpcSecurityGroups: groups.map((group) => ({ VpcSecurityGroupId: group.GroupId, Status: 'active' })),
      };
    case 'resource':
      return { Name: asset.name };
  }
}

export function volumeConfiguration(asset: SeededAsset, createdAt: string): Row {
  const host = asset.volume?.attachedTo;
  return {
    VolumeId: asset.resourceId,
    Size: asset.volume?.sizeGiB ?? 8,
    VolumeType: asset.volume?.volumeType ?? 'gp3',
    CreateTime: createdAt,
    State: host === undefined ? 'available' : 'in-use',
    Attachments: host === undefined ? [] : [{ InstanceId: host, State: 'attached' }],
  };
}

function azureConfiguration(world: World, asset: SeededAsset, { createdAt, stopped }: Seen): Row {
  const host = asset.volume?.attachedTo ?? asset.address?.attachedTo;
  const base = { name: asset.name, location: asset.region, timeCreated: createdAt };
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return {
        ...base,
        vmId: machineIdOf(world.estate.seed, asset),
        hardwareProfile: { vmSize: asset.instance?.instanceType ?? 'Standard_D2s_v5' },
        identity: { type: 'SystemAssigned', principalId: machineIdOf(world.estate.seed + 1, asset) },
        extended: { instanceView: { powerState: { code: `PowerState/${stopped ? 'deallocated' : 'running'}` } } },
      };
    case 'volume':
      return { ...base, diskState: host ? 'Attached' : 'Unattached', ...(host ? { managedBy: host } : {}) };
    case 'address':
      return { ...base, ...(host ? { ipConfiguration: { id: host } } : {}) };
    default:
      return { ...base, state: 'Ready' };
  }
}

function gcpConfiguration(world: World, asset: SeededAsset, { createdAt, stopped }: Seen): Row {
  const host = asset.volume?.attachedTo ?? asset.address?.attachedTo;
  const base = { name: asset.name, creationTimestamp: createdAt };
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return {
        ...base,
        id: machineIdOf(world.estate.seed, asset),
        status: stopped ? 'TERMINATED' : 'RUNNING',
        serviceAccounts: [{ email: `${asset.name}@${asset.accountId}.iam.gserviceaccount.com` }],
      };
    case 'volume':
      return { ...base, status: 'READY', ...(host ? { users: [host] } : { lastDetachTimestamp: createdAt }) };
    case 'address':
      return { ...base, status: host ? 'IN_USE' : 'RESERVED' };
    default:
      return { ...base, state: 'RUNNABLE' };
  }
}
