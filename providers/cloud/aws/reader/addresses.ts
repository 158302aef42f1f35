import { DescribeAddressesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { AddressFacts } from '../../../../schemas/cloud-facts.ts';
import { describeByIds } from './by-ids.ts';
import { keysOf, OptionalText, readAws, Tags } from './parse.ts';
import { pickRef } from './wire-instance.ts';

const WireAddress = z.object({
  AllocationId: z.string(),
  PublicIp: OptionalText,
  /** Wavelength and Outposts addresses have one of these instead. */
  CarrierIp: OptionalText,
  CustomerOwnedIp: OptionalText,
  AssociationId: OptionalText,
  InstanceId: OptionalText,
  NetworkInterfaceId: OptionalText,
  Tags,
});

const BATCH = 200;
const OPERATION = 'ec2:DescribeAddresses';

/** Facts of addresses; released ones are absent. Throws ProviderError. */
export async function describeAddresses(ec2: EC2Client, assets: readonly AssetRef[]): Promise<Readings<AddressFacts>> {
  const byId = new Map(assets.map((asset) => [asset.resourceId, asset]));
  const nodes = await describeByIds([...byId.keys()], { batch: BATCH, operation: OPERATION }, async (batch) => {
    const answer = await ec2.send(new DescribeAddressesCommand({ AllocationIds: batch }));
    return answer.Addresses ?? [];
  });
  const { rows, rejected } = readAddresses(nodes, assets);
  const facts = rows.flatMap((row) => {
    const asset = byId.get(row.AllocationId);
    if (!asset) return [];
    const used = row.AssociationId ?? row.InstanceId ?? row.NetworkInterfaceId;
    return {
      ...pickRef(asset),
      kind: 'address' as const,
      resourceType: 'AWS::EC2::EIP' as const,
      tags: row.Tags,
      state: used === null ? ('unassociated' as const) : ('associated' as const),
      publicIp: row.PublicIp ?? row.CarrierIp ?? row.CustomerOwnedIp ?? '',
      associationId: row.AssociationId,
      instanceId: row.InstanceId,
      networkInterfaceId: row.NetworkInterfaceId,
    };
  });
  return { rows: facts, rejected };
}

/** Rows of DescribeAddresses. */
export function readAddresses(nodes: readonly unknown[], assets: readonly AssetRef[] = []) {
  return readAws(WireAddress, nodes, { operation: OPERATION, id: 'AllocationId', assetKeyOf: keysOf(assets) });
}
