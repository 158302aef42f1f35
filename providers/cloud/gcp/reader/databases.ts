import { z } from 'zod';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { DatabaseFacts } from '../../../../schemas/cloud-facts.ts';
import type { GcpSession } from '../clients.ts';
import { pathOf } from '../ids.ts';
import { getOrNull, listFlat, PAGE_ROWS } from './list-all.ts';
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

/** Every Cloud SQL instance of a project. Throws ProviderError. */
export async function listDatabases({ sql }: GcpSession, project: string): Promise<readonly WireDatabase[]> {
  const rows = await listFlat(
    (pageToken) => sql.instances.list({ project, maxResults: PAGE_ROWS, ...(pageToken ? { pageToken } : {}) }),
    LIST,
  );
  return parseGoogle(z.array(WireDatabase), rows, LIST);
}

/** One instance; null when it is gone. Throws ProviderError. */
export async function readDatabase({ sql }: GcpSession, key: string): Promise<WireDatabase | null> {
  const { projectId: project, name: instance } = pathOf(key);
  const row = await getOrNull(sql.instances.get({ project, instance }), GET);
  return row === null ? null : parseGoogle(WireDatabase, row, GET);
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
