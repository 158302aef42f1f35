import { type Column, columnsOf } from './schema.ts';
import type { Row, Store } from './store.ts';

type Test = (row: Row) => boolean;
export interface ParsedQuery {
  readonly test: Test;
  readonly order: readonly { field: string; descending: boolean }[];
  /** Parts that were thrown away because they name no column or no operator. */
  readonly dropped: readonly string[];
}

const PART =
  /^([a-z][a-z0-9_.]*)(NOT IN|NOT LIKE|ISNOTEMPTY|ISEMPTY|STARTSWITH|ENDSWITH|BETWEEN|LIKE|IN|!=|>=|<=|=|>|<)(.*)$/s;

/**
 * An encoded query as a predicate. An invalid part is dropped and the others are used, which is what the real
 * instance does unless `glide.invalid_query.returns_no_rows` is set.
 */
export function parseQuery(store: Store, table: string, query: string): ParsedQuery {
  const order: { field: string; descending: boolean }[] = [];
  const dropped: string[] = [];
  const groups = query.split('^NQ').map((group) => {
    const all: Test[][] = [];
    for (const raw of group.split('^')) {
      if (raw === '' || raw === 'EQ') continue;
      const sort = /^ORDERBY(DESC)?([a-z_.]+)$/.exec(raw);
      if (sort) {
        order.push({ field: sort[2] ?? '', descending: sort[1] !== undefined });
        continue;
      }
      const alternative = raw.startsWith('OR');
      const test = parsePart(store, table, alternative ? raw.slice(2) : raw);
      if (!test) dropped.push(raw);
      else if (alternative && all.length > 0) all[all.length - 1]?.push(test);
      else all.push([test]);
    }
    return (row: Row) => all.every((any) => any.some((test) => test(row)));
  });
  return { test: (row) => groups.some((group) => group(row)), order, dropped };
}

function parsePart(store: Store, table: string, part: string): Test | undefined {
  const [, path, operator, operand] = PART.exec(part) ?? [];
  if (path === undefined || operator === undefined || operand === undefined) return undefined;
  if (columnAt(table, path) === undefined) return undefined;
  const compare = comparison(operator, operand);
  return (row) => compare(valueAt(store, row, path));
}

function comparison(operator: string, operand: string): (value: string) => boolean {
  const list = operand.split(',');
  const [from = '', to = ''] = operand.split('@');
  switch (operator) {
    case '=':
      return (v) => v === operand;
    case '!=':
      return (v) => v !== operand;
    case 'IN':
      return (v) => list.includes(v);
    case 'NOT IN':
      return (v) => !list.includes(v);
    case 'LIKE':
      return (v) => v.includes(operand);
    case 'NOT LIKE':
      return (v) => !v.includes(operand);
    case 'STARTSWITH':
      return (v) => v.startsWith(operand);
    case 'ENDSWITH':
      return (v) => v.endsWith(operand);
    case 'ISEMPTY':
      return (v) => v === '';
    case 'ISNOTEMPTY':
      return (v) => v !== '';
    case 'BETWEEN':
      return (v) => order(v, from) >= 0 && order(v, to) <= 0;
    case '>':
      return (v) => order(v, operand) > 0;
    case '>=':
      return (v) => order(v, operand) >= 0;
    case '<':
      return (v) => order(v, operand) < 0;
    default:
      return (v) => order(v, operand) <= 0;
  }
}

/** Numbers by value, everything else (times included) as text. */
function order(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  return a !== '' && b !== '' && Number.isFinite(x) && Number.isFinite(y) ? x - y : a < b ? -1 : a > b ? 1 : 0;
}

/** The column at the end of a dotted path, through references. */
export function columnAt(table: string, path: string): Column | undefined {
  const [head = '', ...rest] = path.split('.');
  const column = columnsOf(table)?.[head];
  if (rest.length === 0 || column === undefined) return column;
  return column.ref ? columnAt(column.ref, rest.join('.')) : undefined;
}

/** The value at the end of a dotted path; empty where a reference leads nowhere. */
export function valueAt(store: Store, row: Row, path: string): string {
  const [head = '', ...rest] = path.split('.');
  const value = row[head] ?? '';
  if (rest.length === 0) return value;
  const target = columnsOf(row.sys_class_name ?? '')?.[head]?.ref;
  const next = target && value ? store.get(target, value) : undefined;
  return next ? valueAt(store, next, rest.join('.')) : '';
}

/** Rows in the order a query asks for; the order of creation decides ties. */
export function sorted(store: Store, rows: readonly Row[], by: ParsedQuery['order']): Row[] {
  return rows.toSorted((a, b) => {
    for (const { field, descending } of by) {
      const difference = order(valueAt(store, a, field), valueAt(store, b, field));
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
}
