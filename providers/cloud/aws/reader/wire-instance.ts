import { z } from 'zod';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import { managedByFrom } from '../../../../domain/controllers/controller-of.ts';
import { Instant, OptionalText, Tags } from './parse.ts';
import type { RegionIndex } from './region-index.ts';
import type { WireVolume } from './volumes.ts';

/** The part of DescribeInstances we rely on. */
export const WireInstance = z.object({
  InstanceId: z.string(),
  State: z.object({
    Name: z.enum(['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'], {
      error: 'is not a state this version knows',
    }),
  }),
  InstanceType: z.string(),
  Architecture: OptionalText,
  ImageId: OptionalText,
  LaunchTime: Instant,
  StateTransitionReason: OptionalText,
  StateReason: z.object({ Code: OptionalText, Message: OptionalText }).nullish(),
  Placement: z.object({ AvailabilityZone: OptionalText, Tenancy: OptionalText }).nullish(),
  SubnetId: OptionalText,
  VpcId: OptionalText,
  SecurityGroups: z.array(z.object({ GroupId: z.string() })).default([]),
  PrivateIpAddress: OptionalText,
  PublicIpAddress: OptionalText,
  IamInstanceProfile: z.object({ Arn: z.string() }).nullish(),
  InstanceLifecycle: OptionalText,
  RootDeviceType: OptionalText,
  HibernationOptions: z.object({ Configured: z.boolean().nullish() }).nullish(),
  EnaSupport: z.boolean().nullish(),
  VirtualizationType: OptionalText,
  CurrentInstanceBootMode: OptionalText,
  NetworkInterfaces: z.array(z.object({ PrivateIpAddresses: z.array(z.unknown()).default([]) })).default([]),
  BlockDeviceMappings: z
    .array(
      z.object({
        DeviceName: z.string(),
        Ebs: z.object({ VolumeId: z.string(), DeleteOnTermination: z.boolean() }).nullish(),
      }),
    )
    .default([]),
  Tags,
});
export type WireInstance = z.infer<typeof WireInstance>;

/** Read with one call per attribute and instance, so only for a handful; null in a sweep. */
export interface InstanceAttributes {
  readonly deletionProtection: boolean | null;
  readonly stopProtection: boolean | null;
  readonly shutdownBehavior: 'stop' | 'terminate' | null;
  /** From the Auto Scaling API; the tag is looked at as well. */
  readonly scalingGroup: string | null;
}

export interface InstanceContext {
  readonly volumes: ReadonlyMap<string, WireVolume>;
  readonly index: RegionIndex;
  readonly instanceStorage: boolean | null;
  readonly attributes: InstanceAttributes | null;
}

export function toInstanceFacts(asset: AssetRef, wire: WireInstance, context: InstanceContext): InstanceFacts {
  const { attributes, index } = context;
  const byIp = wire.PrivateIpAddress ? index.targetGroupsByTarget.get(`${wire.VpcId}/${wire.PrivateIpAddress}`) : [];
  return {
    ...pickRef(asset),
    kind: 'instance',
    resourceType: 'AWS::EC2::Instance',
    tags: wire.Tags,
    state: wire.State.Name,
    instanceType: wire.InstanceType,
    architecture: wire.Architecture,
    imageId: wire.ImageId,
    launchTime: wire.LaunchTime,
    stoppedAt: wire.State.Name === 'stopped' ? transitionTime(wire.StateTransitionReason) : null,
    zone: wire.Placement?.AvailabilityZone ?? null,
    subnetId: wire.SubnetId,
    networkId: wire.VpcId,
    firewallIds: wire.SecurityGroups.map((g) => g.GroupId),
    privateIp: wire.PrivateIpAddress,
    publicIp: wire.PublicIpAddress,
    staticAddressId: index.allocationByInstance.get(wire.InstanceId) ?? null,
    workloadIdentity: wire.IamInstanceProfile?.Arn ?? null,
    scalingGroup: wire.Tags['aws:autoscaling:groupName'] ?? attributes?.scalingGroup ?? null,
    managedBy: managedByFrom({ provider: 'aws', tags: wire.Tags, name: wire.Tags['Name'] ?? '' }),
    spot: wire.InstanceLifecycle === 'spot',
    tenancy: wire.Placement?.Tenancy ?? null,
    rootDisk: rootDevice(wire.RootDeviceType),
    localDisks: context.instanceStorage,
    deletionProtection: attributes?.deletionProtection ?? null,
    stopProtection: attributes?.stopProtection ?? null,
    shutdownBehavior: attributes?.shutdownBehavior ?? null,
    hibernationConfigured: wire.HibernationOptions?.Configured === true,
    volumes: wire.BlockDeviceMappings.flatMap((mapping) => {
      const volume = mapping.Ebs && context.volumes.get(mapping.Ebs.VolumeId);
      if (!mapping.Ebs || !volume) return [];
      return {
        volumeId: volume.VolumeId,
        device: mapping.DeviceName,
        deletedWithInstance: mapping.Ebs.DeleteOnTermination,
        sizeGiB: volume.Size,
        volumeType: volume.VolumeType,
        encrypted: volume.Encrypted,
        encryptionKeyId: volume.KmsKeyId,
      };
    }),
    backendGroupIds: [
      ...new Set([
        ...(index.targetGroupsByTarget.get(wire.InstanceId) ?? []),
        ...(byIp ?? []),
        ...(index.doubtfulGroupsByVpc.get(wire.VpcId ?? '') ?? []),
      ]),
    ],
  };
}

/** "User initiated (2026-01-31 09:15:02 GMT)" → the instant; null when the reason carries none. */
export function transitionTime(reason: string | null): string | null {
  const found = /\((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (?:GMT|UTC)\)/.exec(reason ?? '');
  return found ? `${found[1]}T${found[2]}.000Z` : null;
}

/** Only the identifying fields: an inventory row carries more than a reference. */
export function pickRef(asset: AssetRef): Omit<AssetRef, 'resourceType'> {
  const { assetKey, provider, accountId, region, resourceId } = asset;
  return { assetKey, provider, accountId, region, resourceId };
}

function rootDevice(text: string | null): InstanceFacts['rootDisk'] {
  if (text === 'ebs') return 'persistent';
  return text === 'instance-store' ? 'local' : null;
}
