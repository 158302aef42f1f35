import { z } from 'zod';
import type { ServiceNow } from '../../servicenow/section.ts';
import type { CmdbRecord } from '../../../schemas/cmdb.ts';
import { isProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { Readings, RejectedRow } from '../../../ports/rows.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { createServiceNowClient, type ServiceNowClient } from '../../servicenow/client.ts';
import { parseRow, readRows, textOf } from '../../rows.ts';
import { createTablePackage, type TablePackage } from '../../servicenow/table-package.ts';
import type { CmdbPort } from '../../../ports/cmdb.ts';
import { type CiRow, ciRowSchema, joinDuplicates } from './records.ts';
import { batches, PROVIDER, type Related, readRelated, readServices } from './related.ts';
import { type Hours, readHours, SCHEDULE_TABLES } from './schedule.ts';

const CI_FIELDS = [
  'name',
  'environment',
  'operational_status',
  'owned_by',
  'support_group',
  'maintenance_schedule',
  'maintenance_schedule.time_zone',
  'maintenance_schedule.type',
  'maintenance_schedule.parent',
];
/** A column that is withheld is shown empty. */
const User = z.object({ sys_id: z.string(), email: z.string(), active: z.enum(['true', 'false']) });

export interface ServiceNowCmdbOptions {
  readonly config: ServiceNow;
  readonly secrets: SecretsPort;
  /** Shared with the ticket provider when given. */
  readonly client?: ServiceNowClient;
  readonly clock?: () => Date;
}

/** CMDB look-ups in ServiceNow, by the configured resource id column, 50 ids per query. */
export function createServiceNowCmdb(options: ServiceNowCmdbOptions): CmdbPort {
  const { config, secrets, clock = () => new Date() } = options;
  const client = options.client ?? createServiceNowClient({ config, secrets });
  const tables = createTablePackage(client);

  const readItems = async (resourceIds: readonly string[]): Promise<Readings<CiRow>> => {
    const schema = ciRowSchema(config.ciResourceIdField);
    const { rows } = await tables.read({
      table: config.ciTable,
      fields: [config.ciResourceIdField, ...CI_FIELDS],
      where: [{ field: config.ciResourceIdField, in: resourceIds }],
      configured: [config.ciResourceIdField],
    });
    const asked = { provider: PROVIDER, operation: config.ciTable };
    const spelt = spellingOf(resourceIds);
    const ids = new Map(rows.map((row) => [row.sys_id, spelt(textOf(row, config.ciResourceIdField))]));
    return readRows(rows, {
      ...asked,
      read: (row) => {
        const item = parseRow(schema, row, asked);
        return { ...item, resourceId: spelt(item.resourceId) ?? item.resourceId };
      },
      idOf: (row) => textOf(row, 'sys_id'),
      assetKeyOf: (sysId) => ids.get(sysId) ?? undefined,
    });
  };

  const lookupBatch = async (resourceIds: readonly string[]): Promise<Readings<CmdbRecord>> => {
    const { rows: items, rejected: refused } = await readItems(resourceIds);
    const records: CmdbRecord[] = [];
    const rejected = [...refused];
    // Duplicate items may make the list longer than the ids that were asked for.
    for (const ids of batches(items.map((item) => item.ciId))) {
      const part = items.filter((item) => ids.includes(item.ciId));
      const related = await readRelated(client, ids, config.disasterRecoveryKey);
      const parents = [...new Set([...related.parents.values()].flat().map((parent) => parent.id))];
      const services = await readServices(tables, parents, config.criticality);
      const emails = await readEmails(tables, part);
      const schedules = [...new Set(part.flatMap((item) => item.scheduleId ?? []))];
      const hours = schedules.length === 0 ? new Map() : await readHours(client, schedules, clock());
      const broken = new Set(related.unread.map(({ ciId }) => ciId));
      const resourceOf = new Map(part.map((item) => [item.ciId, item.resourceId]));
      rejected.push(...related.unread.map(({ ciId, row }) => ({ ...row, assetKey: resourceOf.get(ciId) })));
      rejected.push(...emails.rejected);
      const whole = part.filter((item) => !broken.has(item.ciId));
      records.push(...whole.map((item) => toRecord(item, { related, services, emails: emails.of, hours })));
    }
    return { rows: records, rejected };
  };

  return {
    vendor: 'servicenow',
    lookup: async (resourceIds) => {
      const byResource = new Map<string, CmdbRecord[]>();
      const rejected: RejectedRow[] = [];
      for (const part of batches([...new Set(resourceIds)])) {
        const read = await lookupBatch(part);
        rejected.push(...read.rejected);
        for (const record of read.rows)
          byResource.set(record.resourceId, [...(byResource.get(record.resourceId) ?? []), record]);
      }
      const joined = new Map<string, CmdbRecord>();
      for (const [resourceId, records] of byResource) {
        const record = joinDuplicates(records);
        if (record) joined.set(resourceId, record);
      }
      return { records: joined, rejected };
    },
    check: async () => {
      const answer = await firstOf(client, config.ciTable);
      const holds = `${config.ciTable} on ${client.instanceUrl} holds ${answer.headers.get('x-total-count') ?? 'some'} items`;
      return `${holds}; ${await checkSchedules(client)}`;
    },
  };
}

const firstOf = (client: ServiceNowClient, table: string) =>
  client.send({ operation: 'check', method: 'GET', path: `/api/now/table/${table}`, query: { sysparm_limit: '1' } });

/** Whether the hours of maintenance schedules can be read. Without them nothing is broken, and items that have one stay closed. */
async function checkSchedules(client: ServiceNowClient): Promise<string> {
  const refused: string[] = [];
  for (const table of SCHEDULE_TABLES)
    try {
      await firstOf(client, table);
    } catch (error) {
      if (!isProviderError(error, ProviderErrorKind.Unauthorised)) throw error;
      refused.push(table);
    }
  if (refused.length === 0) return 'entries of maintenance schedules can be read';
  const without = 'until then no item with a maintenance schedule is changed';
  return `the integration account may not read ${refused.join(' and ')}: give it read access, ${without}`;
}

/** An id as it was asked for: the instance compares without case and gives back what somebody typed. */
function spellingOf(asked: readonly string[]): (text: string | null) => string | null {
  const known = new Map(asked.map((id) => [id.toLowerCase(), id]));
  return (text) => (text === null ? null : (known.get(text.toLowerCase()) ?? text));
}

interface Emails {
  readonly of: ReadonlyMap<string, string>;
  /** Users that could not be read: what they own has no owner, which is asked about, so it costs no item. */
  readonly rejected: readonly RejectedRow[];
}

/** E-mail addresses of the owners by user id. People who have left are no owners. */
async function readEmails(tables: TablePackage, items: readonly CiRow[]): Promise<Emails> {
  const ids = [...new Set(items.flatMap((item) => item.ownerId ?? []))];
  if (ids.length === 0) return { of: new Map(), rejected: [] };
  const found = await tables.read({
    table: 'sys_user',
    fields: ['email', 'active'],
    where: [{ field: 'sys_id', in: ids }],
  });
  const asked = { provider: PROVIDER, operation: 'sys_user' };
  const { rows, rejected } = readRows(found.rows, {
    ...asked,
    read: (row) => parseRow(User, row, asked),
    idOf: (row) => textOf(row, 'sys_id'),
  });
  const owners = rows.filter((user) => user.active === 'true' && user.email !== '');
  return { of: new Map(owners.map((user) => [user.sys_id, user.email])), rejected };
}

interface Joins {
  readonly related: Related;
  readonly services: ReadonlyMap<string, number | null>;
  readonly emails: ReadonlyMap<string, string>;
  readonly hours: ReadonlyMap<string, Hours>;
}

/** A service that uses the item gives its criticality; anything else that uses it is a dependent. */
function toRecord(item: CiRow, { related, services, emails, hours }: Joins): CmdbRecord {
  const parents = related.parents.get(item.ciId) ?? [];
  const levels = parents.flatMap((parent) => services.get(parent.id) ?? (services.has(parent.id) ? [null] : []));
  const known = levels.filter((level) => level !== null);
  const { ownerId, scheduleId, scheduleDoubt, ...shown } = item;
  return {
    ...shown,
    maintenanceWindow: windowOf(item.maintenanceWindow, scheduleDoubt, hours.get(scheduleId ?? '') ?? null),
    criticality: known.length === levels.length && known.length > 0 ? Math.min(...known) : null,
    ownerEmail: ownerId === null ? null : (emails.get(ownerId) ?? null),
    disasterRecoveryRole: related.disasterRecovery.get(item.ciId) ?? null,
    dependents: parents.filter((parent) => !services.has(parent.id)).map((parent) => parent.name),
    openIncidents: [...(related.incidents.get(item.ciId) ?? [])],
  };
}

/** The hours of the schedule's entries; without entries its name, where people may have written them. A doubt is written behind the name. */
function windowOf(name: string | null, scheduleDoubt: string | null, hours: Hours): string | null {
  const doubt = scheduleDoubt ?? (hours !== null && 'doubt' in hours ? hours.doubt : null);
  if (doubt !== null) return `${name ?? 'schedule'} (not read: ${doubt})`;
  return hours !== null && 'text' in hours ? hours.text : name;
}
