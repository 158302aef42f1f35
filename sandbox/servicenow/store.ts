import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { columnsOf, TABLES, withChildren } from './schema.ts';

export type Row = Record<string, string>;

/** Records people and integrations make; everything else is seeded anew from the estate at each start. */
const KEPT = ['change_request', 'incident', 'sysapproval_approver', 'sys_journal_field', 'sys_audit'];
const FIRST_NUMBER = 30_001;
/** Not a column: tells apart what happened within one second. */
export const ORDER = '_order';

export interface Store {
  /** Rows of a table and of the tables that extend it, in order of creation. */
  rows(table: string): Row[];
  get(table: string, sysId: string): Row | undefined;
  /** Adds a row with the system columns, and a number where the table has one. */
  insert(table: string, values: Row, by: string): Row;
  update(row: Row, values: Row, by: string): void;
  remove(table: string, sysId: string): boolean;
  /** Adds an entry to the history of a journal field. */
  journal(row: Row, entry: { element: string; value: string; by: string }): void;
}

/** All tables in memory; kept ones are written to `stateFile` at every change, so that a killed process loses nothing. */
export function createStore(stateFile?: string): Store {
  const tables = new Map<string, Map<string, Row>>(Object.keys(TABLES).map((name) => [name, new Map()]));
  let counter = FIRST_NUMBER;
  let order = 0;

  if (stateFile && existsSync(stateFile)) {
    const saved = JSON.parse(readFileSync(stateFile, 'utf8')) as {
      counter: number;
      order: number;
      tables: Record<string, Row[]>;
    };
    counter = saved.counter;
    order = saved.order;
    for (const [name, rows] of Object.entries(saved.tables))
      for (const row of rows) tables.get(name)?.set(row.sys_id ?? '', row);
  }

  const save = () => {
    if (!stateFile) return;
    const kept = Object.fromEntries(KEPT.map((name) => [name, [...(tables.get(name)?.values() ?? [])]]));
    mkdirSync(dirname(stateFile), { recursive: true });
    writeFileSync(`${stateFile}.new`, JSON.stringify({ counter, order, tables: kept }));
    renameSync(`${stateFile}.new`, stateFile);
  };

  const store: Store = {
    rows: (table) => withChildren(table).flatMap((name) => [...(tables.get(name)?.values() ?? [])]),
    get: (table, sysId) => {
      for (const name of withChildren(table)) {
        const row = tables.get(name)?.get(sysId);
        if (row) return row;
      }
      return undefined;
    },
    insert: (table, values, by) => {
      const at = timestamp();
      const prefix = TABLES[table]?.prefix;
      const row: Row = Object.fromEntries(Object.keys(columnsOf(table) ?? {}).map((name) => [name, '']));
      Object.assign(row, clipped(table, values), {
        sys_id: values.sys_id ?? randomBytes(16).toString('hex'),
        sys_class_name: table,
        sys_created_on: values.sys_created_on ?? at,
        sys_created_by: by,
        sys_updated_on: at,
        sys_updated_by: by,
        sys_mod_count: '0',
      });
      if (prefix) row.number = `${prefix}${String(counter++).padStart(7, '0')}`;
      row[ORDER] = String(order++);
      tables.get(table)?.set(row.sys_id ?? '', row);
      if (KEPT.includes(table)) save();
      return row;
    },
    update: (row, values, by) => {
      const table = row.sys_class_name ?? '';
      Object.assign(row, clipped(table, values), {
        sys_updated_on: timestamp(),
        sys_updated_by: by,
        sys_mod_count: String(Number(row.sys_mod_count ?? 0) + 1),
      });
      if (KEPT.includes(table)) save();
    },
    remove: (table, sysId) => {
      const removed = withChildren(table).some((name) => tables.get(name)?.delete(sysId));
      if (removed) save();
      return removed;
    },
    journal: (row, { element, value, by }) => {
      const values = { element_id: row.sys_id ?? '', name: row.sys_class_name ?? '', element, value };
      store.insert('sys_journal_field', values, by);
    },
  };
  return store;
}

/** A stable sys_id for a seeded row, so that references survive a restart. */
export function stableId(...parts: string[]): string {
  return createHash('md5').update(parts.join('\0')).digest('hex');
}

/** `YYYY-MM-DD hh:mm:ss` in UTC, the database form of a time. */
export function timestamp(at = new Date()): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

/** Longer text is cut without a word, as the real database does. */
function clipped(table: string, values: Row): Row {
  const columns = columnsOf(table) ?? {};
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value.slice(0, columns[name]?.max ?? value.length)]),
  );
}
