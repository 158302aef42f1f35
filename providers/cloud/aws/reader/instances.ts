import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import type { RegionalClients } from '../clients.ts';
import { describeByIds } from './by-ids.ts';
import { readInstanceAttributes } from './instance-attributes.ts';
import { describeInstanceTypes } from './instance-types.ts';
import { parseAws } from './parse.ts';
import type { RegionIndex } from './region-index.ts';
import { readVolumes } from './volumes.ts';
import { toInstanceFacts, WireInstance } from './wire-instance.ts';

const BATCH = 500;
const OPERATION = 'ec2:DescribeInstances';

/** DescribeInstances rows; absent ids are missing. Throws ProviderError. */
export async function readInstances(ec2: EC2Client, ids: readonly string[]): Promise<WireInstance[]> {
  return describeByIds(ids, { batch: BATCH, operation: OPERATION }, async (batch) => {
    const rows: WireInstance[] = [];
    let token: string | undefined;
    // Even an answer to named ids may come in pages; a row left behind would look like a machine that is gone.
    do {
      const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds: batch, NextToken: token }));
      const page = (answer.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
      rows.push(...parseAws(z.array(WireInstance), page, OPERATION));
      token = answer.NextToken;
    } while (token);
    return rows;
  });
}

/**
 * Facts of instances; terminated ones are absent. `detailed` also reads protections, shutdown behaviour and Auto Scaling
 * membership, four calls per instance; without it they stay null, which no change gets past. Throws ProviderError.
 */
export async function describeInstances(
  clients: Pick<RegionalClients, 'ec2' | 'autoScaling'>,
  assets: readonly AssetRef[],
  options: { index: RegionIndex; detailed: boolean },
): Promise<readonly InstanceFacts[]> {
  const byId = new Map(assets.map((asset) => [asset.resourceId, asset]));
  const rows = (await readInstances(clients.ec2, [...byId.keys()])).filter((row) => row.State.Name !== 'terminated');
  const volumeIds = rows.flatMap((row) => row.BlockDeviceMappings.flatMap((m) => (m.Ebs ? [m.Ebs.VolumeId] : [])));
  const [volumes, types] = await Promise.all([
    readVolumes(clients.ec2, volumeIds),
    describeInstanceTypes(
      clients.ec2,
      rows.map((row) => row.InstanceType),
    ),
  ]);
  const facts: InstanceFacts[] = [];
  for (const row of rows) {
    const asset = byId.get(row.InstanceId);
    if (!asset) continue;
    const attributes = options.detailed ? await readInstanceAttributes(clients, row.InstanceId) : null;
    const instanceStorage = types.get(row.InstanceType)?.instanceStorage ?? null;
    facts.push(toInstanceFacts(asset, row, { volumes, index: options.index, instanceStorage, attributes }));
  }
  return facts;
}
