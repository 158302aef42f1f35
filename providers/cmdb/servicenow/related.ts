import { z } from 'zod';
import type { ServiceNow } from '../../servicenow/section.ts';
import { isProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { ServiceNowClient } from '../../servicenow/client.ts';
import { serviceNowError } from '../../servicenow/errors.ts';
import { firstIssue, Pair } from '../../servicenow/fields.ts';
import { MAX_IN, type TableQuery, type TableRow, type TableRows } from '../../servicenow/query.ts';
import { readAllRows } from '../../servicenow/table.ts';
import type { TablePackage } from '../../servicenow/table-package.ts';

/** What hangs on each configuration item, by its sys_id. */
export interface Related {
  readonly incidents: ReadonlyMap<string, readonly string[]>;
  readonly disasterRecovery: ReadonlyMap<string, string>;
  readonly parents: ReadonlyMap<string, readonly Parent[]>;
}
export interface Parent {
  readonly id: string;
  readonly name: string;
}

/** Relations in which the parent merely holds or manages the child, so that it does not stop working without it. */
const NOT_DEPENDENT = /^(contains|members|manages|owns|located in|provides)\b/i;

/**
 * Reads what may stop a change. These tables are unbounded per item, so our own paging reader is used. Rows withheld
 * by an ACL could be the incident that forbids the change: then the whole answer is refused.
 */
export async function readRelated(
  client: ServiceNowClient,
  ciIds: readonly string[],
  disasterRecoveryKey: string,
): Promise<Related> {
  const read = async (query: TableQuery) => complete(query.table, await readAllRows(client, query));
  const [incidents, roles, relations] = await Promise.all([
    read({
      table: 'incident',
      fields: ['number'],
      where: [
        { field: 'cmdb_ci', in: ciIds },
        { field: 'active', in: ['true'] },
      ],
    }),
    read({
      table: 'cmdb_key_value',
      fields: ['value'],
      where: [
        { field: 'configuration_item', in: ciIds },
        { field: 'key', in: [disasterRecoveryKey] },
      ],
    }),
    read({ table: 'cmdb_rel_ci', fields: ['parent', 'type'], where: [{ field: 'child', in: ciIds }] }),
  ]);
  return {
    incidents: grouped(incidents, 'cmdb_ci', (row) => cell(row, 'number', 'incident').value),
    disasterRecovery: new Map(
      roles.map((row) => [
        cell(row, 'configuration_item', 'cmdb_key_value').value,
        cell(row, 'value', 'cmdb_key_value').value,
      ]),
    ),
    parents: grouped(
      relations.filter((row) => !NOT_DEPENDENT.test(cell(row, 'type', 'cmdb_rel_ci').label)),
      'child',
      (row) => {
        const parent = cell(row, 'parent', 'cmdb_rel_ci');
        return { id: parent.value, name: parent.label || parent.value };
      },
    ),
  };
}

/**
 * Criticality of each service among `ids`; null when the service does not say. An id that is in no service table is
 * absent, so an ordinary item that depends on the asset.
 */
export async function readServices(
  tables: TablePackage,
  ids: readonly string[],
  sources: ServiceNow['criticality'],
): Promise<ReadonlyMap<string, number | null>> {
  const services = new Map<string, number | null>();
  for (const { table, field } of sources)
    for (const part of batches(ids)) {
      const query = { table, fields: [field], where: [{ field: 'sys_id', in: part }], configured: [field] };
      const found = await tables.read(query).catch((error: unknown) => {
        // An instance without that application has no such table: then its services are found nowhere, so critical.
        if (isProviderError(error, ProviderErrorKind.Terminal) && error.status === 400) return { rows: [], hidden: 0 };
        throw error;
      });
      for (const row of found.rows) {
        const label = row[field];
        services.set(String(row.sys_id), typeof label === 'string' ? criticalityOf(label) : null);
      }
    }
  return services;
}

/** `1 - most critical` … `4 - not critical`, or the bare number; anything else is unknown. */
function criticalityOf(label: string): number | null {
  const digit = /^\s*([1-4])\b/.exec(label)?.[1];
  return digit === undefined ? null : Number(digit);
}

/** Keys in lists short enough for one query. */
export function batches(ids: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let i = 0; i < ids.length; i += MAX_IN) parts.push(ids.slice(i, i + MAX_IN));
  return parts;
}

function complete(table: string, { rows, hidden }: TableRows): readonly TableRow[] {
  if (hidden === 0) return rows;
  throw serviceNowError(ProviderErrorKind.Unauthorised, `read ${table}`, {
    message: `${hidden} matching rows are withheld by an ACL; give the integration account read access`,
  });
}

function grouped<T>(rows: readonly TableRow[], key: string, pick: (row: TableRow) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const id = cell(row, key, key).value;
    groups.set(id, [...(groups.get(id) ?? []), pick(row)]);
  }
  return groups;
}

const Cell = z.union([z.string().transform((value) => ({ value, label: value })), Pair]);

function cell(row: TableRow, field: string, table: string): { value: string; label: string } {
  const parsed = Cell.safeParse(row[field]);
  if (parsed.success && parsed.data.value !== '') return parsed.data;
  throw serviceNowError(ProviderErrorKind.Malformed, `read ${table}`, {
    message: `${field}: ${parsed.success ? 'empty' : firstIssue(parsed.error)}`,
  });
}
