import { ProviderErrorKind } from '../../ports/errors.ts';
import { serviceNowError } from './errors.ts';
import { plainValue } from './fields.ts';

/** One part of a filter; all parts must hold. */
export type Condition =
  | { readonly field: string; readonly in: readonly string[] }
  | { readonly field: string; readonly contains: string };

export interface TableQuery {
  readonly table: string;
  readonly fields: readonly string[];
  readonly where: readonly Condition[];
  /** Column names that come from configuration rather than from the list below. */
  readonly configured?: readonly string[];
}

export type TableRow = Readonly<Record<string, unknown>>;

export interface TableRows {
  readonly rows: readonly TableRow[];
  /** Rows that match but were withheld, so by an ACL. 0 when the instance does not count. */
  readonly hidden: number;
}

/** Longest IN list: keeps the URL short and the answer bounded. */
export const MAX_IN = 50;

/**
 * Every column we may name. An unknown column in a filter is silently dropped by the instance and the rest is used,
 * so a typing error would return the whole table.
 */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  change_request: ['number', 'correlation_id', 'state', 'sys_created_on', 'work_notes'],
  cmdb_key_value: ['configuration_item', 'key', 'value'],
  cmdb_rel_ci: ['parent', 'child', 'type'],
  cmn_other_schedule: ['schedule', 'child_schedule', 'type'],
  cmn_schedule_span: [
    'schedule',
    'name',
    'type',
    'show_as',
    'start_date_time',
    'end_date_time',
    'repeat_type',
    'repeat_count',
    'repeat_until',
    'days_of_week',
  ],
  incident: ['number', 'cmdb_ci', 'active'],
  sys_journal_field: ['element_id', 'element', 'value'],
  sys_user: ['user_name', 'email', 'name', 'active'],
  sys_user_group: ['name', 'active'],
};
const CI_COLUMNS = [
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
/** One step through a reference is a column of the row it leads to. */
const NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/;
const UNSAFE = /[\^\u0000-\u001f\u007f]/;

/** Columns to ask for: the wanted ones, the key, and those of the filter so that each row can be checked. */
export function columnsOf(query: TableQuery): string[] {
  checkName(query.table, query.table);
  const all = new Set(['sys_id', ...query.fields, ...query.where.map((c) => c.field)]);
  for (const field of all) checkName(field, query.table, query);
  return [...all];
}

/** The encoded query parts, not yet percent-encoded. Throws Terminal for a name or value that cannot be sent safely. */
export function encodeConditions(query: TableQuery): string[] {
  return query.where.map((condition) => {
    checkName(condition.field, query.table, query);
    if ('contains' in condition) return `${condition.field}LIKE${checkValue(condition.contains, condition.field)}`;
    const values = condition.in.map((value) => checkValue(value, condition.field));
    if (values.length === 1) return `${condition.field}=${values[0]}`;
    const broken = values.length === 0 || values.length > MAX_IN || values.some((value) => value.includes(','));
    if (broken)
      throw serviceNowError(ProviderErrorKind.Terminal, `read ${query.table}`, {
        message: `filter on ${condition.field} must list 1 to ${MAX_IN} values without commas, found ${values.length}`,
      });
    return `${condition.field}IN${values.join(',')}`;
  });
}

/** Refuses an answer with a row the filter excludes: the instance dropped a part of it. */
export function verifyRows(query: TableQuery, rows: readonly TableRow[]): void {
  for (const row of rows)
    for (const condition of query.where) {
      const found = plainValue(row[condition.field]);
      const holds =
        found !== undefined &&
        // The instance compares text without case.
        ('contains' in condition
          ? fold(found).includes(fold(condition.contains))
          : condition.in.some((value) => fold(value) === fold(found)));
      if (!holds)
        throw serviceNowError(ProviderErrorKind.Malformed, `read ${query.table}`, {
          message:
            `a row does not match the filter on ${condition.field}, so the instance dropped it; check that the ` +
            'column exists and is readable, and set glide.invalid_query.returns_no_rows',
        });
    }
}

/** Throws Terminal unless `value` can stand in an encoded query: `^` has no escape and `javascript:` is evaluated. */
export function checkValue(value: string, field: string): string {
  if (value === '' || UNSAFE.test(value) || /^\s*javascript:/i.test(value))
    throw serviceNowError(ProviderErrorKind.Terminal, 'build query', {
      message: `value for ${field} is empty or holds "^", a control character or a leading "javascript:"`,
    });
  return value;
}

function checkName(name: string, table: string, query?: TableQuery): void {
  const known =
    query === undefined ||
    name === 'sys_id' ||
    (COLUMNS[table] ?? CI_COLUMNS).includes(name) ||
    query.configured?.includes(name);
  if (!NAME.test(name) || !known)
    throw serviceNowError(ProviderErrorKind.Terminal, `read ${table}`, {
      message: `column or table "${name.slice(0, 60)}" is not on the list of names that may be asked for`,
    });
}

function fold(text: string): string {
  return text.toLowerCase();
}
