import { z } from 'zod';
import type { ServiceNow } from '../../servicenow/section.ts';
import { isProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { ServiceNowClient } from '../../servicenow/client.ts';
import { serviceNowError } from '../../servicenow/errors.ts';
import { Pair, plainValue } from '../../servicenow/fields.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import { rejectedRow, RowError } from '../../rows.ts';
import { MAX_IN, type TableQuery, type TableRow, type TableRows } from '../../servicenow/query.ts';
import { readAllRows } from '../../servicenow/table.ts';
import type { TablePackage } from '../../servicenow/table-package.ts';

export const PROVIDER = 'servicenow-cmdb';

/** What hangs on each configuration item, by its sys_id. */
export interface Related {
  readonly incidents: ReadonlyMap<string, readonly string[]>;
  readonly disasterRecovery: ReadonlyMap<string, string>;
  readonly parents: ReadonlyMap<string, readonly Parent[]>;
  /** Items of which something could not be read, so that nobody knows whether it stops a change. */
  readonly unread: readonly UnreadItem[];
}
export interface UnreadItem {
  readonly ciId: string;
  readonly row: RejectedRow;
}
export interface Parent {
  readonly id: string;
  readonly name: string;
}

/** Relations in which the parent merely holds or manages the child, so that it does not stop working without it. */
const NOT_DEPENDENT = /^(contains|members|manages|owns|located in|provides)\b/i;

/**
 * Reads what may stop a change. These tables are unbounded per item, so our own paging reader is used. Rows withheld
 * by an ACL could be the incident that forbids the change: then the whole answer is refused. A row that cannot be read
 * could be that incident as well, but it says which item it is about: it costs that item, and no other.
 */
export async function readRelated(
  client: ServiceNowClient,
  ciIds: readonly string[],
  disasterRecoveryKey: string,
): Promise<Related> {
  const unread: UnreadItem[] = [];
  const read = async <T>(key: string, query: Omit<TableQuery, 'where'>, pick: (row: TableRow) => T | null) => {
    const where = [{ field: key, in: ciIds }, ...(FILTERS[query.table]?.(disasterRecoveryKey) ?? [])];
    const rows = complete(query.table, await readAllRows(client, { ...query, where }));
    return grouped(rows, { key, table: query.table, pick, unread });
  };
  const [incidents, roles, parents] = await Promise.all([
    read('cmdb_ci', { table: 'incident', fields: ['number'] }, (row) => cell(row, 'number', 'incident').value),
    read(
      'configuration_item',
      { table: 'cmdb_key_value', fields: ['value'] },
      (row) => cell(row, 'value', 'cmdb_key_value').value,
    ),
    read('child', { table: 'cmdb_rel_ci', fields: ['parent', 'type'] }, (row): Parent | null => {
      if (NOT_DEPENDENT.test(cell(row, 'type', 'cmdb_rel_ci').label)) return null;
      const parent = cell(row, 'parent', 'cmdb_rel_ci');
      return { id: parent.value, name: parent.label || parent.value };
    }),
  ]);
  const disasterRecovery = new Map([...roles].flatMap(([id, values]) => values.slice(-1).map((value) => [id, value])));
  return { incidents, disasterRecovery, parents, unread };
}

/** What is asked for besides the items. */
const FILTERS: Readonly<Record<string, (disasterRecoveryKey: string) => TableQuery['where']>> = {
  incident: () => [{ field: 'active', in: ['true'] }],
  cmdb_key_value: (key) => [{ field: 'key', in: [key] }],
};

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

interface Grouping<T> {
  /** The column that says which item a row is about. */
  readonly key: string;
  readonly table: string;
  readonly pick: (row: TableRow) => T | null;
  readonly unread: UnreadItem[];
}

function grouped<T>(rows: readonly TableRow[], { key, table, pick, unread }: Grouping<T>): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const id = cell(row, key, table).value;
    try {
      const picked = pick(row);
      if (picked !== null) groups.set(id, [...(groups.get(id) ?? []), picked]);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      unread.push({ ciId: id, row: rejectedRow(error, plainValue(row.sys_id) ?? id) });
    }
  }
  return groups;
}

const Cell = z.union([z.string().transform((value) => ({ value, label: value })), Pair]);

/** @throws RowError */
function cell(row: TableRow, field: string, table: string): { value: string; label: string } {
  const parsed = Cell.safeParse(row[field]);
  if (parsed.success && parsed.data.value !== '') return parsed.data;
  const fix = `must not be empty: mend the row in ${table}, or let the integration account read the column`;
  throw new RowError({ provider: PROVIDER, operation: table }, { field, found: row[field], fix });
}
