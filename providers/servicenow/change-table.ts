import { z } from 'zod';
import { isProviderError, ProviderErrorKind } from '../../ports/errors.ts';
import { createChangeApi, pathPart } from './change-api.ts';
import { parseChange, refuseIgnored } from './change-parse.ts';
import { type ChangeRecord, type ChangeRecords, JOURNAL_FIELDS } from './change-records.ts';
import type { ServiceNowClient } from './client.ts';
import { serviceNowError } from './errors.ts';
import { patchRow } from './table.ts';
import type { TablePackage } from './table-package.ts';

const Created = z.object({ sys_id: z.string() });
/** Texts mean the same as display and as database value; everything else is written afterwards as database values. */
const TEXTS = ['short_description', 'description', 'correlation_id', 'correlation_display'];

/**
 * Change requests through the Table API, for instances without the Change Management API. The record is created by
 * `servicenow-rest-api`, which sends display values. It can be written and closed by hand, but not moved by us: without
 * `nextstates` the change model's transitions are unknown.
 */
export function createChangeTable(client: ServiceNowClient, tables: TablePackage): ChangeRecords {
  const path = (id: string) => `/api/now/table/change_request/${pathPart(id)}`;
  const read = async (id: string): Promise<ChangeRecord> => {
    const query = { sysparm_display_value: 'all', sysparm_exclude_reference_link: 'true' };
    const answer = await client.send({ operation: 'read change_request', method: 'GET', path: path(id), query });
    return parseChange('read change_request', answer.body).change;
  };
  const patch = async (id: string, values: Readonly<Record<string, string>>) => {
    const { change } = parseChange(
      'update change_request',
      await patchRow(client, { table: 'change_request', id: pathPart(id) }, values),
    );
    // This API never says what it ignored: compare.
    const fields = Object.keys(values);
    const lost = fields.filter((f) => !JOURNAL_FIELDS.includes(f) && change.values[f] !== values[f]);
    refuseIgnored('update change_request', lost, { number: change.number, fields });
    return change;
  };
  return {
    read,
    patch,
    create: async (values) => {
      const entries = Object.entries(values);
      const answer = await tables.create('change_request', {
        type: 'Normal',
        ...Object.fromEntries(entries.filter(([name]) => TEXTS.includes(name))),
      });
      const created = Created.safeParse(answer);
      if (!created.success)
        throw serviceNowError(ProviderErrorKind.Malformed, 'create change_request', {
          message: 'the new record has no sys_id; look it up by its correlation id',
        });
      return patch(created.data.sys_id, Object.fromEntries(entries.filter(([name]) => !TEXTS.includes(name))));
    },
    nextStates: async () => {
      throw serviceNowError(ProviderErrorKind.Terminal, 'next states', {
        message: 'the Change Management API is not active here, so a change cannot be moved; activate sn_chg_rest',
      });
    },
  };
}

/** The Change Management API where the instance has it, else the Table API. Found out by the first call that needs it. */
export function createChangeRecords(
  client: ServiceNowClient,
  options: { type: 'normal' | 'emergency'; tables: TablePackage },
): ChangeRecords {
  const api = createChangeApi(client, options.type);
  const table = createChangeTable(client, options.tables);
  let chosen = api;
  const withFallback = async <T>(call: (records: ChangeRecords) => Promise<T>): Promise<T> => {
    try {
      return await call(chosen);
    } catch (error) {
      if (chosen === table || !saysApiIsAbsent(error)) throw error;
      chosen = table;
      return call(table);
    }
  };
  return {
    create: (values) => withFallback((records) => records.create(values)),
    read: (id) => withFallback((records) => records.read(id)),
    patch: (id, values) => withFallback((records) => records.patch(id, values)),
    nextStates: (id) => withFallback((records) => records.nextStates(id)),
  };
}

/** How an instance answers for a REST path that none of its applications serves. */
function saysApiIsAbsent(error: unknown): boolean {
  return (
    isProviderError(error, ProviderErrorKind.Terminal) &&
    error.status === 400 &&
    /does not represent any resource/i.test(error.message)
  );
}
