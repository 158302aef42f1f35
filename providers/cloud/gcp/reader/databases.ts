import { z } from 'zod';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { DatabaseFacts } from '../../../../schemas/cloud-facts.ts';
import { at, textOf } from '../../../rows.ts';
import { type FoundRows, namedRows } from '../../shared/found-rows.ts';
import type { GcpSession } from '../clients.ts';
import { parseName, pathOf } from '../ids.ts';
import { getOrNull, type Listed, listFlat, type NamedRows, outOfReach, PAGE_ROWS } from './list-all.ts';
import { Instant, Labels, OptionalFlag, OptionalText, OptionalWhole, parseGoogle } from './parse.ts';

export const WireDatabase = z.object({
  name: z.string(),
  project: z.string(),
  region: z.string(),
  state: OptionalText,
  databaseVersion: z.string(),
  instanceType: OptionalText,
  createTime: Instant.nullish(),
  masterInstanceName: OptionalText,
  replicaNames: z.array(z.string()).nullish(),
  settings: z.object({
    tier: z.string(),
    settingsVersion: OptionalWhole,
    activationPolicy: OptionalText,
    availabilityType: OptionalText,
    dataDiskSizeGb: OptionalWhole,
    dataDiskType: OptionalText,
    deletionProtectionEnabled: OptionalFlag,
    userLabels: Labels,
    ipConfiguration: z.object({ ipv4Enabled: OptionalFlag }).nullish(),
  }),
});
export type WireDatabase = z.infer<typeof WireDatabase>;

const LIST = 'cloudsql.instances.list';
const GET = 'cloudsql.instances.get';

/** Every Cloud SQL instance of a project, by its name there. Throws ProviderError. */
export async function listDatabases({ sql }: GcpSession, project: string): Promise<NamedRows> {
  const unreachable = new Set<string>();
  const nodes = await listFlat(
    (pageToken) => sql.instances.list({ project, maxResults: PAGE_ROWS, ...(pageToken ? { pageToken } : {}) }),
    LIST,
    (data) => {
      for (const place of unreachableRegions(data)) unreachable.add(place);
    },
  );
  return databasesByName({ nodes, unreachable: [...unreachable] });
}

/** Cloud SQL tells of what it could not look into beside the rows. */
function unreachableRegions(data: unknown): string[] {
  const warnings = at(data, ['warnings']);
  const all: unknown[] = Array.isArray(warnings) ? warnings : [];
  return all.flatMap((warning) =>
    textOf(warning, 'code') === 'REGION_UNREACHABLE' ? (textOf(warning, 'region') ?? []) : [],
  );
}

export function databasesByName({ nodes, unreachable }: Listed): NamedRows {
  const keyed = namedRows(nodes, { provider: 'gcp', operation: LIST, field: 'name', keyOf: (name) => name });
  return { ...keyed, unreachable };
}

/** One instance as Google sent it; null when it is gone. Throws ProviderError. */
export function databaseNode({ sql }: GcpSession, key: string): Promise<unknown> {
  const { projectId: project, name: instance } = pathOf(key);
  return getOrNull(sql.instances.get({ project, instance }), GET);
}

/** One instance; null when it is gone. Throws ProviderError. */
export async function readDatabase(session: GcpSession, key: string): Promise<WireDatabase | null> {
  const row = await databaseNode(session, key);
  return row === null ? null : toWireDatabase(row);
}

export function toWireDatabase(node: unknown): WireDatabase {
  return parseGoogle(WireDatabase, node, GET);
}

/** Rows by asset key, and what lies in a region that did not answer. */
export function databasesOf(assets: readonly AssetRef[], all: NamedRows): FoundRows<unknown> {
  const rows = new Map<string, unknown>();
  const rejected = [...all.rejected];
  for (const asset of assets) {
    const row = all.rows.get(parseName(asset.assetKey)?.name ?? '');
    if (row !== undefined) rows.set(asset.assetKey, row);
    else if (all.unreachable.includes(asset.region)) rejected.push(outOfReach(asset.assetKey, asset.region, LIST));
  }
  return { rows, rejected };
}

export function toDatabaseFacts(asset: AssetRef, row: WireDatabase): DatabaseFacts {
  const { settings } = row;
  return {
    ...asset,
    kind: 'database',
    region: row.region,
    tags: settings.userLabels,
    state: databaseState(row),
    engine: (row.databaseVersion.split('_')[0] ?? row.databaseVersion).toLowerCase(),
    instanceClass: settings.tier,
    storageGiB: settings.dataDiskSizeGb,
    storageType: settings.dataDiskType,
    createTime: row.createTime ?? null,
    // A replica of a server elsewhere has no name of one here.
    replicaOf: row.masterInstanceName ?? (/REPLICA/.test(row.instanceType ?? '') ? 'external' : null),
    replicas: row.replicaNames ?? [],
    clusterId: row.instanceType === 'READ_POOL_INSTANCE' ? 'read-pool' : null,
    multiZone: settings.availabilityType === null ? null : settings.availabilityType === 'REGIONAL',
    deletionProtection: settings.deletionProtectionEnabled,
    publiclyAccessible: settings.ipConfiguration?.ipv4Enabled ?? null,
  };
}

/** Google calls a server that its owner switched off runnable, too; only the policy tells. */
export function databaseState(row: WireDatabase): DatabaseFacts['state'] {
  switch (row.state) {
    case 'RUNNABLE':
      if (row.settings.activationPolicy === 'ALWAYS') return 'available';
      return row.settings.activationPolicy === 'NEVER' ? 'stopped' : 'other';
    case 'PENDING_CREATE':
      return 'creating';
    case 'PENDING_DELETE':
      return 'deleting';
    case 'FAILED':
      return 'failed';
    default:
      return 'other';
  }
}
