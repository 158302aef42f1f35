import { DescribeVolumesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { VolumeFacts } from '../../../../schemas/cloud-facts.ts';
import { describeByIds } from './by-ids.ts';
import { Instant, OptionalText, parseAws, Tags } from './parse.ts';
import { pickRef } from './wire-instance.ts';

export const WireVolume = z.object({
  VolumeId: z.string(),
  State: z.enum(['creating', 'available', 'in-use', 'deleting', 'deleted', 'error'], {
    error: 'is not a state this version knows',
  }),
  Size: z.number(),
  VolumeType: z.string(),
  Iops: z.number().nullish(),
  Throughput: z.number().nullish(),
  Encrypted: z.boolean(),
  KmsKeyId: OptionalText,
  MultiAttachEnabled: z.boolean().nullish(),
  CreateTime: Instant,
  AvailabilityZone: z.string(),
  Attachments: z.array(z.object({ InstanceId: OptionalText, State: OptionalText })).default([]),
  Tags,
});
export type WireVolume = z.infer<typeof WireVolume>;

const BATCH = 500;
const OPERATION = 'ec2:DescribeVolumes';

/** By volume id; volumes that are gone or going are absent. Throws ProviderError. */
export async function readVolumes(ec2: EC2Client, ids: readonly string[]): Promise<ReadonlyMap<string, WireVolume>> {
  const rows = await describeByIds([...new Set(ids)], { batch: BATCH, operation: OPERATION }, async (batch) => {
    const found: WireVolume[] = [];
    let token: string | undefined;
    do {
      const answer = await ec2.send(new DescribeVolumesCommand({ VolumeIds: batch, NextToken: token }));
      found.push(...parseAws(z.array(WireVolume), answer.Volumes ?? [], OPERATION));
      token = answer.NextToken;
    } while (token);
    return found;
  });
  return new Map(rows.filter((row) => row.State !== 'deleted').map((row) => [row.VolumeId, row]));
}

export function toVolumeFacts(asset: AssetRef, wire: WireVolume): VolumeFacts {
  return {
    ...pickRef(asset),
    kind: 'volume',
    resourceType: 'AWS::EC2::Volume',
    tags: wire.Tags,
    state: wire.State,
    sizeGiB: wire.Size,
    volumeType: wire.VolumeType,
    iops: wire.Iops ?? null,
    throughput: wire.Throughput ?? null,
    encrypted: wire.Encrypted,
    kmsKeyId: wire.KmsKeyId,
    multiAttach: wire.MultiAttachEnabled === true,
    createTime: wire.CreateTime,
    availabilityZone: wire.AvailabilityZone,
    attachedInstanceIds: wire.Attachments.flatMap((a) => (a.InstanceId ? [a.InstanceId] : [])),
  };
}
