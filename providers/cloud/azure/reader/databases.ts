import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { DatabaseFacts } from '../../../../schemas/cloud-facts.ts';
import { factsFrom, readFound } from '../../shared/found-rows.ts';
import type { AzureSession } from '../clients.ts';
import { idOf, parseId } from '../ids.ts';
import { getOrNull, listAll, rowsOf } from './list-all.ts';
import { type Lock, lockedBy } from './locks.ts';
import { Instant, OptionalFlag, OptionalNumber, OptionalText, parseAzure, Tags } from './parse.ts';

const WireInstance = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: Tags,
  sku: z.object({ name: z.string(), tier: OptionalText }),
  state: OptionalText,
  vCores: OptionalNumber,
  storageSizeInGB: OptionalNumber,
  instancePoolId: OptionalText,
  zoneRedundant: OptionalFlag,
  publicDataEndpointEnabled: OptionalFlag,
  createTime: Instant.nullish(),
});
type WireInstance = z.infer<typeof WireInstance>;

const OPERATION = 'Microsoft.Sql/managedInstances/read';
const GROUPS = 'Microsoft.Sql/locations/instanceFailoverGroups/read';
const STATES: Readonly<Record<string, DatabaseFacts['state']>> = {
  Ready: 'available',
  Succeeded: 'available',
  Stopping: 'stopping',
  Stopped: 'stopped',
  Starting: 'starting',
  Creating: 'creating',
  Deleting: 'deleting',
  Deleted: 'deleted',
  Failed: 'failed',
  FailedToStop: 'failed',
  FailedToStart: 'failed',
};

function databaseNode({ sql }: AzureSession, id: string): Promise<unknown> {
  const { resourceGroup = '', name = '' } = parseId(id) ?? {};
  return getOrNull(sql.managedInstances.get(resourceGroup, name), OPERATION);
}

/** One instance, or null when it is gone. Throws ProviderError. */
export async function readDatabase(session: AzureSession, id: string): Promise<WireInstance | null> {
  const row = await databaseNode(session, id);
  return row === null ? null : parseAzure(WireInstance, row, OPERATION);
}

/** Facts of SQL managed instances. `locks` is read with the failover groups, for one instance only. */
export async function describeDatabases(
  session: AzureSession,
  assets: readonly AssetRef[],
  locks: readonly Lock[] | null,
): Promise<Readings<DatabaseFacts>> {
  const found = await rowsOf(
    assets.map((a) => a.assetKey),
    OPERATION,
    {
      all: () => listAll(session.sql.managedInstances.list(), OPERATION),
      one: (id) => databaseNode(session, id),
    },
  );
  const wires = readFound(found, (row) => parseAzure(WireInstance, row, OPERATION));
  const links = new Map<string, Links>();
  if (locks !== null)
    for (const asset of assets) {
      const wire = wires.rows.get(asset.assetKey);
      if (wire !== undefined) links.set(asset.assetKey, await failoverLinks(session, asset, wire.location));
    }
  return factsFrom(assets, wires, (asset, row) =>
    toFacts(asset, row, { locks, links: links.get(asset.assetKey) ?? null }),
  );
}

type Links = Pick<DatabaseFacts, 'replicaOf' | 'replicas'>;

function toFacts(
  asset: AssetRef,
  row: WireInstance,
  { locks, links }: { locks: readonly Lock[] | null; links: Links | null },
): DatabaseFacts {
  return {
    ...asset,
    ...(links ?? { replicaOf: null, replicas: [] }),
    kind: 'database',
    region: row.location,
    tags: row.tags,
    state: stateOf(row.state),
    engine: 'sqlserver',
    instanceClass: row.vCores === null ? row.sku.name : `${row.sku.name}_${row.vCores}`,
    storageGiB: row.storageSizeInGB,
    storageType: row.sku.tier,
    createTime: row.createTime ?? null,
    clusterId: row.instancePoolId === null ? null : idOf(row.instancePoolId),
    multiZone: row.zoneRedundant,
    deletionProtection: locks === null ? null : lockedBy(locks, asset.assetKey).deleting,
    publiclyAccessible: row.publicDataEndpointEnabled,
    stopProtection: locks === null ? null : lockedBy(locks, asset.assetKey).changing,
  };
}

export function stateOf(word: string | null): DatabaseFacts['state'] {
  return (word === null ? undefined : STATES[word]) ?? 'other';
}

const Group = z.object({
  properties: z.object({
    replicationRole: OptionalText,
    managedInstancePairs: z.array(
      z.object({ primaryManagedInstanceId: OptionalText, partnerManagedInstanceId: OptionalText }),
    ),
  }),
});

/** Azure refuses to stop a member of a failover group; better to say so before anybody is asked. */
async function failoverLinks(session: AzureSession, asset: AssetRef, location: string): Promise<Links> {
  const { subscriptionId = '', resourceGroup = '' } = parseId(asset.assetKey) ?? {};
  const rows = await session.arm.list(
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/locations/${encodeURIComponent(location)}/instanceFailoverGroups?api-version=2021-11-01`,
    GROUPS,
  );
  const pairs = parseAzure(z.array(Group), rows, GROUPS).flatMap((group) => group.properties.managedInstancePairs);
  const folded = pairs.map((pair) => ({
    primary: idOf(pair.primaryManagedInstanceId ?? ''),
    partner: idOf(pair.partnerManagedInstanceId ?? ''),
  }));
  return {
    replicaOf: folded.find((pair) => pair.partner === asset.assetKey)?.primary ?? null,
    replicas: folded.filter((pair) => pair.primary === asset.assetKey).map((pair) => pair.partner),
  };
}
