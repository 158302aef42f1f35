import { DescribeDBInstancesCommand, type RDSClient } from '@aws-sdk/client-rds';
import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { DatabaseFacts } from '../../../../schemas/cloud-facts.ts';
import { concernsAsked } from '../../../rows.ts';
import { awsErrorCode, mapAwsError } from '../errors.ts';
import { Instant, keysOf, OptionalText, readAws, Tags } from './parse.ts';
import { pickRef } from './wire-instance.ts';

const WireDatabase = z.object({
  DBInstanceIdentifier: z.string(),
  DBInstanceArn: z.string(),
  DBInstanceStatus: z.string(),
  DBInstanceClass: z.string(),
  Engine: z.string(),
  AllocatedStorage: z.number().nullish(),
  StorageType: OptionalText,
  /** Not known where it is not a time; the row says enough without. */
  InstanceCreateTime: Instant.nullish().catch(null),
  ReadReplicaSourceDBInstanceIdentifier: OptionalText,
  ReadReplicaDBInstanceIdentifiers: z.array(z.string()).nullish(),
  ReadReplicaDBClusterIdentifiers: z.array(z.string()).nullish(),
  DBClusterIdentifier: OptionalText,
  MultiAZ: z.boolean().nullish(),
  DeletionProtection: z.boolean().nullish(),
  PubliclyAccessible: z.boolean().nullish(),
  TagList: Tags,
});
export type WireDatabase = z.infer<typeof WireDatabase>;

const OPERATION = 'rds:DescribeDBInstances';
const PAGE = 100;

/** Facts of the database servers of one account and region; what is gone is absent. Throws ProviderError. */
export async function describeDatabases(rds: RDSClient, assets: readonly AssetRef[]): Promise<Readings<DatabaseFacts>> {
  const [only] = assets;
  const nodes = assets.length === 1 && only ? await readDatabase(rds, only.resourceId) : await readAll(rds);
  const { rows, rejected } = readDatabaseRows(nodes, assets);
  const byId = new Map(rows.map((row) => [row.DBInstanceIdentifier, row]));
  const facts = assets.flatMap((asset) => {
    const row = byId.get(asset.resourceId);
    // The same name in another account or region is another database.
    return row && row.DBInstanceArn === asset.assetKey ? [toFacts(asset, row)] : [];
  });
  return { rows: facts, rejected: rejected.filter(concernsAsked) };
}

/** Rows of DescribeDBInstances. */
export function readDatabaseRows(nodes: readonly unknown[], assets: readonly AssetRef[] = []): Readings<WireDatabase> {
  return readAws(WireDatabase, nodes, { operation: OPERATION, id: 'DBInstanceIdentifier', assetKeyOf: keysOf(assets) });
}

async function readDatabase(rds: RDSClient, id: string): Promise<readonly unknown[]> {
  try {
    const answer = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return answer.DBInstances ?? [];
  } catch (error) {
    if (['DBInstanceNotFound', 'DBInstanceNotFoundFault'].includes(awsErrorCode(error) ?? '')) return [];
    throw mapAwsError(error, OPERATION);
  }
}

async function readAll(rds: RDSClient): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  let Marker: string | undefined;
  do {
    const answer = await rds
      .send(new DescribeDBInstancesCommand({ MaxRecords: PAGE, Marker }))
      .catch((error: unknown) => {
        throw mapAwsError(error, OPERATION);
      });
    rows.push(...(answer.DBInstances ?? []));
    Marker = answer.Marker;
  } while (Marker);
  return rows;
}

function toFacts(asset: AssetRef, row: WireDatabase): DatabaseFacts {
  return {
    ...pickRef(asset),
    kind: 'database',
    resourceType: 'AWS::RDS::DBInstance',
    tags: row.TagList,
    state: STATES[row.DBInstanceStatus] ?? 'other',
    engine: row.Engine,
    instanceClass: row.DBInstanceClass,
    storageGiB: row.AllocatedStorage ?? null,
    storageType: row.StorageType,
    createTime: row.InstanceCreateTime ?? null,
    replicaOf: row.ReadReplicaSourceDBInstanceIdentifier,
    replicas: [...(row.ReadReplicaDBInstanceIdentifiers ?? []), ...(row.ReadReplicaDBClusterIdentifiers ?? [])],
    clusterId: row.DBClusterIdentifier,
    multiZone: row.MultiAZ ?? null,
    deletionProtection: row.DeletionProtection ?? null,
    publiclyAccessible: row.PubliclyAccessible ?? null,
  };
}

/** RDS has some thirty words for what it is busy with; what is not here is `other`, and nothing is done to it. */
const STATES: Readonly<Record<string, DatabaseFacts['state']>> = {
  available: 'available',
  creating: 'creating',
  deleting: 'deleting',
  stopping: 'stopping',
  stopped: 'stopped',
  starting: 'starting',
  failed: 'failed',
};
