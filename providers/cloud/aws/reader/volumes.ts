import { DescribeVolumesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { VolumeFacts } from '../../../../schemas/cloud-facts.ts';
import { allRead } from '../../../rows.ts';
import { describeByIds } from './by-ids.ts';
import { Instant, keysOf, OptionalText, readAws, Tags } from './parse.ts';
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

/** Volumes of these ids; what is gone is absent. Throws ProviderError. */
export async function readVolumes(
  ec2: EC2Client,
  ids: readonly string[],
  assets: readonly AssetRef[] = [],
): Promise<Readings<WireVolume>> {
  const nodes = await describeByIds([...new Set(ids)], { batch: BATCH, operation: OPERATION }, async (batch) => {
    const found: unknown[] = [];
    let token: string | undefined;
    do {
      const answer = await ec2.send(new DescribeVolumesCommand({ VolumeIds: batch, NextToken: token }));
      found.push(...(answer.Volumes ?? []));
      token = answer.NextToken;
    } while (token);
    return found;
  });
  const { rows, rejected } = readVolumeRows(nodes, assets);
  return { rows: rows.filter((row) => row.State !== 'deleted'), rejected };
}

/** The rows, for those who must not take what is unreadable for gone. @throws ProviderError malformed */
export async function volumeRows(ec2: EC2Client, ids: readonly string[]): Promise<readonly WireVolume[]> {
  return allRead(await readVolumes(ec2, ids), { provider: 'aws', operation: OPERATION });
}

/** Rows of DescribeVolumes. */
export function readVolumeRows(nodes: readonly unknown[], assets: readonly AssetRef[] = []): Readings<WireVolume> {
  return readAws(WireVolume, nodes, { operation: OPERATION, id: 'VolumeId', assetKeyOf: keysOf(assets) });
}

/** Facts of volumes; what is gone is absent. Throws ProviderError. */
export async function describeVolumes(ec2: EC2Client, assets: readonly AssetRef[]): Promise<Readings<VolumeFacts>> {
  const byId = new Map(assets.map((asset) => [asset.resourceId, asset]));
  const { rows, rejected } = await readVolumes(ec2, [...byId.keys()], assets);
  const facts = rows.flatMap((row) => {
    const asset = byId.get(row.VolumeId);
    return asset === undefined ? [] : [toVolumeFacts(asset, row)];
  });
  return { rows: facts, rejected };
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
    encryptionKeyId: wire.KmsKeyId,
    multiAttach: wire.MultiAttachEnabled === true,
    createTime: wire.CreateTime,
    zone: wire.AvailabilityZone,
    attachedInstanceIds: wire.Attachments.flatMap((a) => (a.InstanceId ? [a.InstanceId] : [])),
  };
}
