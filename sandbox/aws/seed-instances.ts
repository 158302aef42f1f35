import { arnOf } from '../estate/ids.ts';
import type { SeededAsset } from '../estate/types.ts';
import { required, type SeedPlace, tagParams } from './seed-call.ts';

const ROOT_GIB = '20';
/** Device letters for disks after the root: f, g, h … as the EC2 console hands them out. */
export const deviceName = (index: number): string => `/dev/sd${String.fromCharCode('f'.charCodeAt(0) + index)}`;

/** Launches the instances and their auto scaling groups. Returns instance ids by asset name. */
export async function seedInstances(place: SeedPlace): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const instances = place.assets.filter((a) => a.resourceType === 'AWS::EC2::Instance');
  for (const [index, asset] of instances.entries()) {
    const answer = await place.seeder.call(
      'ec2:RunInstances',
      launchParams(place, asset, index),
      place.bornAt(asset.createdDaysAgo),
    );
    asset.resourceId = required(answer, 'instanceId');
    asset.assetKey = arnOf(asset);
    ids.set(asset.name, asset.resourceId);
    // moto ignores the parameter of the same name at launch.
    if (asset.instance?.deletionProtection) {
      const protect = { InstanceId: asset.resourceId, 'DisableApiTermination.Value': 'true' };
      await place.seeder.call('ec2:ModifyInstanceAttribute', protect, place.bornAt(asset.createdDaysAgo));
    }
  }
  await seedGroups(place, instances);
  return ids;
}

function launchParams({ network }: SeedPlace, asset: SeededAsset, index: number): Record<string, string> {
  const instance = asset.instance ?? { instanceType: 'm5.large' };
  const params: Record<string, string> = {
    ImageId: network.imageId,
    InstanceType: instance.instanceType,
    MinCount: '1',
    MaxCount: '1',
    InstanceInitiatedShutdownBehavior: 'stop',
    'NetworkInterface.1.DeviceIndex': '0',
    'NetworkInterface.1.SubnetId': network.subnetIds[index % 2] ?? network.subnetIds[0],
    'NetworkInterface.1.AssociatePublicIpAddress': String(instance.publicIp ?? false),
    'NetworkInterface.1.DeleteOnTermination': 'true',
    ...disk(1, '/dev/sda1', ROOT_GIB, { deleteOnTermination: true, key: instance.encryptedWith }),
    ...tagParams('instance', asset),
  };
  (instance.extraVolumesGiB ?? []).forEach((size, i) => {
    const rest = { deleteOnTermination: false, key: instance.encryptedWith };
    Object.assign(params, disk(i + 2, deviceName(i), String(size), rest));
  });
  return params;
}

function disk(
  n: number,
  device: string,
  gib: string,
  { deleteOnTermination, key }: { deleteOnTermination: boolean; key: string | undefined },
): Record<string, string> {
  return {
    [`BlockDeviceMapping.${n}.DeviceName`]: device,
    [`BlockDeviceMapping.${n}.Ebs.VolumeSize`]: gib,
    [`BlockDeviceMapping.${n}.Ebs.VolumeType`]: 'gp3',
    [`BlockDeviceMapping.${n}.Ebs.DeleteOnTermination`]: String(deleteOnTermination),
    ...encryption(key, `BlockDeviceMapping.${n}.Ebs.`),
  };
}

/** Without a key named, EC2 takes the account's own for EBS. */
export function encryption(key: string | undefined, prefix = ''): Record<string, string> {
  if (key === undefined) return {};
  return { [`${prefix}Encrypted`]: 'true', ...(key === 'aws/ebs' ? {} : { [`${prefix}KmsKeyId`]: key }) };
}

async function seedGroups({ seeder, network, bornAt }: SeedPlace, instances: readonly SeededAsset[]): Promise<void> {
  const groups = new Map<string, SeededAsset[]>();
  for (const asset of instances) {
    const group = asset.instance?.scalingGroup;
    if (group) groups.set(group, [...(groups.get(group) ?? []), asset]);
  }
  for (const [name, members] of groups) {
    const born = bornAt(Math.max(...members.map((m) => m.createdDaysAgo)));
    await seeder.call(
      'autoscaling:CreateLaunchConfiguration',
      { LaunchConfigurationName: `${name}-lc`, ImageId: network.imageId, InstanceType: 'm5.large' },
      born,
    );
    await seeder.call(
      'autoscaling:CreateAutoScalingGroup',
      {
        AutoScalingGroupName: name,
        LaunchConfigurationName: `${name}-lc`,
        MinSize: '0',
        MaxSize: String(members.length + 2),
        DesiredCapacity: '0',
        VPCZoneIdentifier: network.subnetIds.join(','),
      },
      born,
    );
    const attach: Record<string, string> = { AutoScalingGroupName: name };
    members.forEach((m, i) => {
      attach[`InstanceIds.member.${i + 1}`] = m.resourceId;
    });
    await seeder.call('autoscaling:AttachInstances', attach, born);
  }
}

/** Stops the machines that were stopped long ago: at two thirds of their age, and at least 40 days back. */
export async function stopSeeded({ seeder, assets, bornAt }: SeedPlace): Promise<void> {
  for (const asset of assets) {
    if (!asset.instance?.stopped) continue;
    const daysAgo = Math.min(asset.createdDaysAgo, Math.max(40, (asset.createdDaysAgo * 2) / 3));
    await seeder.call('ec2:StopInstances', { 'InstanceId.1': asset.resourceId }, bornAt(daysAgo));
  }
}
