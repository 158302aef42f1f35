import { z } from 'zod';
import type { Config } from '../../../config/schema.ts';
import type { CmdbRecord } from '../../../schemas/cmdb.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { createServiceNowClient, type ServiceNowClient } from '../../servicenow/client.ts';
import { firstIssue } from '../../servicenow/fields.ts';
import { createTablePackage, type TablePackage } from '../../servicenow/table-package.ts';
import type { CmdbPort } from '../../../ports/cmdb.ts';
import { type CiRow, ciRowSchema, joinDuplicates } from './records.ts';
import { batches, type Related, readRelated, readServices } from './related.ts';

const CI_FIELDS = ['name', 'environment', 'operational_status', 'owned_by', 'support_group', 'maintenance_schedule'];
const User = z.object({ sys_id: z.string(), email: z.string(), active: z.string() });

/** A row that was left out, in the words of a quarantine entry. */
export interface CmdbProblem {
  readonly source: string;
  readonly rowId: string | null;
  readonly field: string;
  readonly found: string;
  readonly fix: string;
}

export interface ServiceNowCmdbOptions {
  readonly config: NonNullable<Config['servicenow']>;
  readonly secrets: SecretsPort;
  /** Shared with the ticket provider when given. */
  readonly client?: ServiceNowClient;
  /** Told of each malformed row; the asset then counts as not in the CMDB. */
  readonly onProblem?: (problem: CmdbProblem) => void;
}

/** CMDB look-ups in ServiceNow, by the configured resource id column, 50 ids per query. */
export function createServiceNowCmdb(options: ServiceNowCmdbOptions): CmdbPort {
  const { config, secrets, onProblem = () => {} } = options;
  const client = options.client ?? createServiceNowClient({ config, secrets });
  const tables = createTablePackage(client);

  const readItems = async (resourceIds: readonly string[]): Promise<CiRow[]> => {
    const schema = ciRowSchema(config.ciResourceIdField);
    const { rows } = await tables.read({
      table: config.ciTable,
      fields: [config.ciResourceIdField, ...CI_FIELDS],
      where: [{ field: config.ciResourceIdField, in: resourceIds }],
      configured: [config.ciResourceIdField],
    });
    return rows.flatMap((row) => {
      const parsed = schema.safeParse(row);
      if (parsed.success) return [parsed.data];
      const rowId = typeof row.sys_id === 'string' ? row.sys_id : null;
      const field = parsed.error.issues[0]?.path.join('.') ?? 'row';
      const found = firstIssue(parsed.error);
      onProblem({ source: 'servicenow-cmdb', rowId, field, found, fix: `correct the row in ${config.ciTable}` });
      return [];
    });
  };

  const lookupBatch = async (resourceIds: readonly string[]): Promise<CmdbRecord[]> => {
    const items = await readItems(resourceIds);
    const records: CmdbRecord[] = [];
    // Duplicate items may make the list longer than the ids that were asked for.
    for (const ids of batches(items.map((item) => item.ciId))) {
      const part = items.filter((item) => ids.includes(item.ciId));
      const related = await readRelated(client, ids, config.disasterRecoveryKey);
      const parents = [...new Set([...related.parents.values()].flat().map((parent) => parent.id))];
      const services = await readServices(tables, parents, config.criticality);
      const emails = await readEmails(tables, part);
      records.push(...part.map((item) => toRecord(item, { related, services, emails })));
    }
    return records;
  };

  return {
    vendor: 'servicenow',
    lookup: async (resourceIds) => {
      const byResource = new Map<string, CmdbRecord[]>();
      for (const part of batches([...new Set(resourceIds)]))
        for (const record of await lookupBatch(part))
          byResource.set(record.resourceId, [...(byResource.get(record.resourceId) ?? []), record]);
      const joined = new Map<string, CmdbRecord>();
      for (const [resourceId, records] of byResource) {
        const record = joinDuplicates(records);
        if (record) joined.set(resourceId, record);
      }
      return joined;
    },
    check: async () => {
      const path = `/api/now/table/${config.ciTable}`;
      const answer = await client.send({ operation: 'check', method: 'GET', path, query: { sysparm_limit: '1' } });
      return `${config.ciTable} on ${client.instanceUrl} holds ${answer.headers.get('x-total-count') ?? 'some'} items`;
    },
  };
}

/** E-mail addresses of the owners by user id. People who have left are no owners. */
async function readEmails(tables: TablePackage, items: readonly CiRow[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(items.flatMap((item) => item.ownerId ?? []))];
  const emails = new Map<string, string>();
  if (ids.length === 0) return emails;
  const { rows } = await tables.read({
    table: 'sys_user',
    fields: ['email', 'active'],
    where: [{ field: 'sys_id', in: ids }],
  });
  for (const row of rows) {
    const user = User.safeParse(row);
    if (user.success && user.data.active === 'true' && user.data.email !== '')
      emails.set(user.data.sys_id, user.data.email);
  }
  return emails;
}

interface Joins {
  readonly related: Related;
  readonly services: ReadonlyMap<string, number | null>;
  readonly emails: ReadonlyMap<string, string>;
}

/** A service that uses the item gives its criticality; anything else that uses it is a dependent. */
function toRecord(item: CiRow, { related, services, emails }: Joins): CmdbRecord {
  const parents = related.parents.get(item.ciId) ?? [];
  const levels = parents.flatMap((parent) => services.get(parent.id) ?? (services.has(parent.id) ? [null] : []));
  const known = levels.filter((level) => level !== null);
  const { ownerId, ...shown } = item;
  return {
    ...shown,
    criticality: known.length === levels.length && known.length > 0 ? Math.min(...known) : null,
    ownerEmail: ownerId === null ? null : (emails.get(ownerId) ?? null),
    disasterRecoveryRole: related.disasterRecovery.get(item.ciId) ?? null,
    dependents: parents.filter((parent) => !services.has(parent.id)).map((parent) => parent.name),
    openIncidents: [...(related.incidents.get(item.ciId) ?? [])],
  };
}
