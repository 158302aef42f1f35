import { z } from 'zod';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { ServiceNowClient } from '../../servicenow/client.ts';
import { serviceNowError } from '../../servicenow/errors.ts';
import { firstIssue } from '../../servicenow/fields.ts';
import type { TablePackage } from '../../servicenow/table-package.ts';

const Found = z.object({
  sys_id: z.string().regex(/^[0-9a-f]{32}$/, 'must be a sys_id of 32 hexadecimal digits'),
  number: z.string().min(1),
});
export type FoundChange = z.infer<typeof Found>;

/** The change that carries our correlation id; the oldest when there are several. Null when there is none at all. */
export async function findByCorrelation(tables: TablePackage, correlationId: string): Promise<FoundChange | null> {
  const { rows, hidden } = await tables.read({
    table: 'change_request',
    fields: ['number'],
    where: [{ field: 'correlation_id', in: [correlationId] }],
  });
  if (hidden > 0)
    throw serviceNowError(ProviderErrorKind.Unauthorised, 'find change', {
      message: 'a change with our correlation id exists but is withheld by an ACL; give the integration account access',
    });
  const parsed = z.array(Found).safeParse(rows);
  if (!parsed.success)
    throw serviceNowError(ProviderErrorKind.Malformed, 'find change', { message: firstIssue(parsed.error) });
  return parsed.data.toSorted((a, b) => a.number.localeCompare(b.number))[0] ?? null;
}

export interface Lookups {
  /** sys_id of a group by its exact name. */
  group(name: string): Promise<string | null>;
  /** sys_id of an active user by e-mail address. */
  user(email: string): Promise<string | null>;
}

/** References are written as sys_ids. A name that is not there, or not unique, gives null: better no one than the wrong one. */
export function createLookups(tables: TablePackage): Lookups {
  const known = new Map<string, string>();
  const unique = async (table: string, field: string, value: string) => {
    const key = `${table}/${value}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const where = [
      { field, in: [value] },
      { field: 'active', in: ['true'] },
    ];
    const { rows } = await tables.read({ table, fields: [field], where });
    const id = rows.length === 1 ? rows[0]?.sys_id : undefined;
    if (typeof id !== 'string') return null;
    known.set(key, id);
    return id;
  };
  return {
    group: (name) => unique('sys_user_group', 'name', name),
    user: (email) => unique('sys_user', 'email', email),
  };
}

/** Page a person opens for a change. */
export function changeUrl(client: ServiceNowClient, id: string): string {
  return `${client.instanceUrl}/nav_to.do?uri=${encodeURIComponent(`change_request.do?sys_id=${id}`)}`;
}
