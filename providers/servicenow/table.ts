import { z } from 'zod';
import { ProviderErrorKind } from '../../ports/errors.ts';
import type { ServiceNowAnswer, ServiceNowClient } from './client.ts';
import { serviceNowError } from './errors.ts';
import { firstIssue } from './fields.ts';
import { columnsOf, encodeConditions, type TableQuery, type TableRow, type TableRows, verifyRows } from './query.ts';

const Rows = z.array(z.record(z.string(), z.unknown()));
const List = z.object({ result: Rows });

/** Checks that `result` is a list of records. */
export function parseRows(operation: string, result: unknown): TableRow[] {
  const parsed = Rows.safeParse(result);
  if (parsed.success) return parsed.data;
  throw serviceNowError(ProviderErrorKind.Malformed, operation, { message: firstIssue(parsed.error) });
}

/** Value of X-Total-Count: rows that match before ACLs, null when the instance did not count. */
export function totalCount(headers: { get(name: string): string | null }): number | null {
  const header = headers.get('x-total-count');
  return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}

export interface PagedReadOptions {
  readonly pageSize?: number;
  /** More rows than this mean that the filter is wrong. */
  readonly maxRows?: number;
}

/**
 * Reads every matching row, each cell as `{value, display_value}`. The limit counts rows before ACLs hide some, so a
 * short page does not mean the last page: the total and the `next` link decide.
 */
export async function readAllRows(
  client: ServiceNowClient,
  query: TableQuery,
  { pageSize = 500, maxRows = 20_000 }: PagedReadOptions = {},
): Promise<TableRows> {
  const operation = `read ${query.table}`;
  const rows: TableRow[] = [];
  const parameters = {
    sysparm_query: [...encodeConditions(query), 'ORDERBYsys_id'].join('^'),
    sysparm_fields: columnsOf(query).join(','),
    sysparm_display_value: 'all',
    sysparm_exclude_reference_link: 'true',
    sysparm_limit: String(pageSize),
  };
  for (let offset = 0; ; offset += pageSize) {
    const answer = await client.send({
      operation,
      method: 'GET',
      path: `/api/now/table/${query.table}`,
      query: { ...parameters, sysparm_offset: String(offset) },
    });
    const parsed = List.safeParse(answer.body);
    if (!parsed.success)
      throw serviceNowError(ProviderErrorKind.Malformed, operation, { message: firstIssue(parsed.error) });
    verifyRows(query, parsed.data.result);
    rows.push(...parsed.data.result);
    const total = totalCount(answer.headers);
    if ((total ?? rows.length) > maxRows)
      throw serviceNowError(ProviderErrorKind.Malformed, operation, {
        message: `more than ${maxRows} rows match, which no filter of ours should; check the columns in use`,
      });
    if (!hasMore(answer, offset + pageSize, total)) return { rows, hidden: Math.max(0, (total ?? 0) - rows.length) };
  }
}

function hasMore(answer: ServiceNowAnswer, nextOffset: number, total: number | null): boolean {
  if (total !== null) return nextOffset < total;
  return /rel="next"/.test(answer.headers.get('link') ?? '');
}

/** Writes fields of one record, as database values. Returns the row the instance now holds. */
export async function patchRow(
  client: ServiceNowClient,
  target: { table: string; id: string },
  values: Readonly<Record<string, string>>,
): Promise<unknown> {
  const answer = await client.send({
    operation: `update ${target.table}`,
    method: 'PATCH',
    path: `/api/now/table/${target.table}/${target.id}`,
    query: { sysparm_display_value: 'all', sysparm_exclude_reference_link: 'true' },
    body: values,
  });
  return answer.body;
}
