import { arnOf } from '../estate/ids.ts';
import type { SeededAsset } from '../estate/types.ts';
import { required, type SeedPlace, tagParams } from './seed-call.ts';
import { deviceName, encryption } from './seed-instances.ts';

/** Volumes and Elastic IPs, attached to the instances they name. */
export async function seedStorage(place: SeedPlace, instanceIds: ReadonlyMap<string, string>): Promise<void> {
  const attached = new Map<string, number>();
  for (const asset of place.assets) {
    if (asset.resourceType === 'AWS::EC2::Volume') await seedVolume(place, asset, { instanceIds, attached });
    if (asset.resourceType === 'AWS::EC2::EIP') await seedAddress(place, asset, instanceIds);
  }
}

interface Attachments {
  readonly instanceIds: ReadonlyMap<string, string>;
  /** Seeded disks per instance so far. */
  readonly attached: Map<string, number>;
}

async function seedVolume(place: SeedPlace, asset: SeededAsset, { instanceIds, attached }: Attachments): Promise<void> {
  const { seeder, bornAt } = place;
  const volume = asset.volume ?? { sizeGiB: 100, volumeType: 'gp3' };
  const born = bornAt(asset.createdDaysAgo);
  const owner = volume.attachedTo === undefined ? undefined : idOf(instanceIds, volume.attachedTo, asset);
  const answer = await seeder.call(
    'ec2:CreateVolume',
    {
      Size: String(volume.sizeGiB),
      VolumeType: volume.volumeType,
      ...encryption(volume.encryptedWith),
      AvailabilityZone: `${seeder.region}${owner === undefined ? 'a' : zoneOf(place, volume.attachedTo)}`,
      ...tagParams('volume', asset),
    },
    born,
  );
  asset.resourceId = required(answer, 'volumeId');
  asset.assetKey = arnOf(asset);
  if (owner === undefined) return;
  // The launch's own extra disks took the first letters.
  const own = place.assets.find((a) => a.name === volume.attachedTo)?.instance?.extraVolumesGiB?.length ?? 0;
  const index = attached.get(owner) ?? own;
  attached.set(owner, index + 1);
  const attach = { VolumeId: asset.resourceId, InstanceId: owner, Device: deviceName(index) };
  await seeder.call('ec2:AttachVolume', attach, born);
}

async function seedAddress(
  { seeder, bornAt }: SeedPlace,
  asset: SeededAsset,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const born = bornAt(asset.createdDaysAgo);
  const answer = await seeder.call('ec2:AllocateAddress', { Domain: 'vpc', ...tagParams('elastic-ip', asset) }, born);
  asset.resourceId = required(answer, 'allocationId');
  asset.assetKey = arnOf(asset);
  if (asset.address?.attachedTo === undefined) return;
  const InstanceId = idOf(ids, asset.address.attachedTo, asset);
  await seeder.call('ec2:AssociateAddress', { AllocationId: asset.resourceId, InstanceId }, born);
}

/** Instances alternate between the two zones in the order they are seeded. */
function zoneOf(place: SeedPlace, instanceName: string | undefined): 'a' | 'b' {
  const instances = place.assets.filter((a) => a.resourceType === 'AWS::EC2::Instance');
  return instances.findIndex((a) => a.name === instanceName) % 2 === 1 ? 'b' : 'a';
}

export function idOf(ids: ReadonlyMap<string, string>, name: string, forAsset: SeededAsset): string {
  const id = ids.get(name);
  if (id) return id;
  throw new Error(
    `${forAsset.name} names ${name}, which is not an instance of ${forAsset.accountId}/${forAsset.region}`,
  );
}
