import { columnAt, valueAt } from './encoded-query.ts';
import { columnsOf } from './schema.ts';
import type { Row, Store } from './store.ts';

export interface RenderOptions {
  /** `sysparm_display_value`. */
  readonly display: 'false' | 'true' | 'all';
  readonly fields?: readonly string[] | undefined;
  readonly withoutLinks: boolean;
  readonly baseUrl: string;
}

/** A row as the Table API shows it: every scalar is text, references carry a link, an empty reference is "". */
export function renderRow(store: Store, row: Row, options: RenderOptions): Record<string, unknown> {
  const table = row.sys_class_name ?? '';
  const paths = options.fields ?? Object.keys(columnsOf(table) ?? {});
  const shown: Record<string, unknown> = {};
  for (const path of paths) {
    const column = columnAt(table, path);
    if (!column) continue;
    const value = column.journal ? '' : valueAt(store, row, path);
    const label = column.journal ? journalText(store, row, path) : displayOf(store, row, path);
    const link =
      column.ref && value && !options.withoutLinks ? `${options.baseUrl}/api/now/table/${column.ref}/${value}` : null;
    if (options.display === 'all') shown[path] = { display_value: label, value, ...(link ? { link } : {}) };
    else if (link) shown[path] = options.display === 'true' ? { display_value: label, link } : { link, value };
    else shown[path] = options.display === 'true' ? label : value;
  }
  return shown;
}

/** What a person reads in a cell: the choice's label, the referenced record's name, else the value. */
export function displayOf(store: Store, row: Row, path: string): string {
  const column = columnAt(row.sys_class_name ?? '', path);
  const value = valueAt(store, row, path);
  if (column?.choices) return column.choices[value] ?? value;
  if (!column?.ref || value === '') return value;
  const target = store.get(column.ref, value);
  return target ? target.name || target.number || value : '';
}

const NUMERIC = ['state', 'risk', 'impact', 'urgency', 'priority'];

/** A change as the Change API shows it: every cell a pair, some values as numbers. */
export function renderChange(store: Store, row: Row, ignoredFields?: readonly string[]): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(columnsOf('change_request') ?? {})) {
    const value = column.journal ? '' : (row[name] ?? '');
    shown[name] = {
      display_value: column.journal ? journalText(store, row, name) : displayOf(store, row, name),
      value: NUMERIC.includes(name) && value !== '' ? Number(value) : value,
    };
  }
  if (ignoredFields) shown.__meta = { ignoredFields };
  return shown;
}

/** A journal as one text, newest entry first. */
function journalText(store: Store, row: Row, element: string): string {
  return store
    .rows('sys_journal_field')
    .filter((entry) => entry.element_id === row.sys_id && entry.element === element)
    .map((entry) => `${entry.sys_created_on} - ${entry.sys_created_by} (Work notes)\n${entry.value}\n`)
    .reverse()
    .join('\n');
}
