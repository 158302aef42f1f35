import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Readings, RejectedRow } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import { allRead, RowError, rejectedRow } from '../../../rows.ts';
import type { RegionalClients } from '../clients.ts';
import { describeByIds } from './by-ids.ts';
import { readInstanceAttributes } from './instance-attributes.ts';
import { describeInstanceTypes } from './instance-types.ts';
import { keysOf, readAws } from './parse.ts';
import type { RegionIndex } from './region-index.ts';
import { readVolumes, type WireVolume } from './volumes.ts';
import { toInstanceFacts, WireInstance } from './wire-instance.ts';

const BATCH = 500;
const OPERATION = 'ec2:DescribeInstances';

/** DescribeInstances rows; absent ids are missing. Throws ProviderError. */
export async function readInstances(
  ec2: EC2Client,
  ids: readonly string[],
  assets: readonly AssetRef[] = [],
): Promise<Readings<WireInstance>> {
  const nodes = await describeByIds(ids, { batch: BATCH, operation: OPERATION }, async (batch) => {
    const rows: unknown[] = [];
    let token: string | undefined;
    // Even an answer to named ids may come in pages; a row left behind would look like a machine that is gone.
    do {
      const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds: batch, NextToken: token }));
      rows.push(...(answer.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []));
      token = answer.NextToken;
    } while (token);
    return rows;
  });
  return readInstanceRows(nodes, assets);
}

/** The rows, for those who must not take what is unreadable for gone. @throws ProviderError malformed */
export function instanceRows(read: Readings<WireInstance>): readonly WireInstance[] {
  return allRead(read, { provider: 'aws', operation: OPERATION });
}

/** Instances of DescribeInstances. */
export function readInstanceRows(nodes: readonly unknown[], assets: readonly AssetRef[] = []): Readings<WireInstance> {
  return readAws(WireInstance, nodes, { operation: OPERATION, id: 'InstanceId', assetKeyOf: keysOf(assets) });
}

/**
 * Facts of instances; terminated ones are absent. `detailed` also reads protections, shutdown behaviour and Auto Scaling
 * membership, four calls per instance; without it they stay null, which no change gets past. Throws ProviderError.
 */
export async function describeInstances(
  clients: Pick<RegionalClients, 'ec2' | 'autoScaling'>,
  assets: readonly AssetRef[],
  options: { index: RegionIndex; detailed: boolean },
): Promise<Readings<InstanceFacts>> {
  const byId = new Map(assets.map((asset) => [asset.resourceId, asset]));
  const read = await readInstances(clients.ec2, [...byId.keys()], assets);
  const rows = read.rows.filter((row) => row.State.Name !== 'terminated');
  const volumeIds = rows.flatMap((row) => row.BlockDeviceMappings.flatMap((m) => (m.Ebs ? [m.Ebs.VolumeId] : [])));
  const [volumes, types] = await Promise.all([
    readVolumes(clients.ec2, volumeIds),
    describeInstanceTypes(
      clients.ec2,
      rows.map((row) => row.InstanceType),
    ),
  ]);
  const byVolumeId = new Map(volumes.rows.map((volume) => [volume.VolumeId, volume]));
  const facts: InstanceFacts[] = [];
  const refused: RejectedRow[] = [];
  for (const row of rows) {
    const asset = byId.get(row.InstanceId);
    if (!asset) continue;
    const unread = unreadVolume(row, byVolumeId);
    if (unread !== null) {
      const found = {
        field: 'BlockDeviceMappings',
        found: unread,
        fix: 'its volume could not be read; see its own row',
      };
      refused.push(
        rejectedRow(new RowError({ provider: 'aws', operation: OPERATION }, found), row.InstanceId, asset.assetKey),
      );
      continue;
    }
    const attributes = options.detailed ? await readInstanceAttributes(clients, row.InstanceId) : null;
    const instanceStorage = types.byName.get(row.InstanceType)?.instanceStorage ?? null;
    facts.push(toInstanceFacts(asset, row, { volumes: byVolumeId, index: options.index, instanceStorage, attributes }));
  }
  return { rows: facts, rejected: [...read.rejected, ...volumes.rejected, ...types.rejected, ...refused] };
}

/** A machine whose disks are not all known would be copied in part and then lost. */
function unreadVolume(row: WireInstance, volumes: ReadonlyMap<string, WireVolume>): string | null {
  if (row.State.Name === 'shutting-down') return null;
  const ids = row.BlockDeviceMappings.flatMap((mapping) => mapping.Ebs?.VolumeId ?? []);
  return ids.find((id) => !volumes.has(id)) ?? null;
}
