import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceNow } from '../../servicenow/section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { ChangeRecord } from '../../servicenow/change-records.ts';
import { createChangeRecords } from '../../servicenow/change-table.ts';
import { createServiceNowClient, type ServiceNowClient } from '../../servicenow/client.ts';
import { isUncertain } from '../../servicenow/errors.ts';
import { checkValue } from '../../servicenow/query.ts';
import { createTablePackage } from '../../servicenow/table-package.ts';
import type { TicketDraft, TicketPort } from '../../../ports/tickets.ts';
import { endChange } from './close.ts';
import { changeUrl, createLookups, findByCorrelation } from './find.ts';
import { addNoteOnce } from './notes.ts';
import { isOver, stateOf, toStatus } from './states.ts';
import { correlationKey, sameText, textFields } from './texts.ts';
import { transitionTo } from './transitions.ts';

export interface ServiceNowTicketsOptions {
  readonly config: ServiceNow;
  readonly secrets: SecretsPort;
  /** Shared with the CMDB provider when given. */
  readonly client?: ServiceNowClient;
  /** Searches after a creation whose answer was lost, and the time between them. @default 3 × 500 ms */
  readonly search?: { readonly attempts: number; readonly everyMs: number };
}

/**
 * Change requests in ServiceNow. Correlation ids are searched through `servicenow-rest-api`; creation, updates, moves
 * and the ending go through the Change Management API, because the package would print, retry and overwrite.
 * The integration account never approves: a change that needs a person's approval stays, and `moveTo` says so.
 */
export function createServiceNowTickets(options: ServiceNowTicketsOptions): TicketPort {
  const { config, secrets, search = { attempts: 3, everyMs: 500 } } = options;
  const client = options.client ?? createServiceNowClient({ config, secrets });
  const tables = createTablePackage(client);
  const records = createChangeRecords(client, { type: config.changeType, tables });
  const lookups = createLookups(tables);

  const toRef = (change: { id: string; number: string }) => ({
    system: 'servicenow',
    id: change.id,
    number: change.number,
    url: changeUrl(client, change.id),
  });

  const creationFields = async (draft: TicketDraft): Promise<Record<string, string>> => {
    const group =
      (draft.assignmentGroup && (await lookups.group(draft.assignmentGroup))) ||
      (config.assignmentGroup && (await lookups.group(config.assignmentGroup))) ||
      null;
    const requester = draft.requestedFor && (await lookups.user(draft.requestedFor));
    return {
      ...textFields(draft),
      correlation_id: correlationKey(draft.correlationId),
      correlation_display: 'Idlewise',
      ...(draft.ciId ? { cmdb_ci: draft.ciId } : {}),
      ...(group ? { assignment_group: group } : {}),
      ...(requester ? { requested_by: requester } : {}),
    };
  };

  /** A POST whose answer was lost is never sent again: either the change can be found now, or the caller tries later. */
  const create = async (draft: TicketDraft): Promise<{ id: string; number: string }> => {
    const fields = await creationFields(draft);
    try {
      return await records.create(fields);
    } catch (error) {
      if (!isUncertain(error)) throw error;
      for (let attempt = 0; attempt < search.attempts; attempt++) {
        await delay(search.everyMs);
        const found = await findByCorrelation(tables, correlationKey(draft.correlationId)).catch(() => null);
        if (found) return { id: found.sys_id, number: found.number };
      }
      throw error;
    }
  };

  const refresh = async (change: ChangeRecord, draft: TicketDraft): Promise<void> => {
    if (isOver(stateOf(change))) return;
    const wanted = { ...textFields(draft), ...(draft.ciId ? { cmdb_ci: draft.ciId } : {}) };
    const different = Object.entries(wanted).filter(([field, text]) => !sameText(change.values[field], text));
    if (different.length > 0) await records.patch(change.id, Object.fromEntries(different));
  };

  return {
    vendor: 'servicenow',
    ensure: async (draft) => {
      const key = checkValue(correlationKey(draft.correlationId), 'correlation_id');
      const found = await findByCorrelation(tables, key);
      if (!found) return { ...toRef(await create(draft)), created: true };
      await refresh(await records.read(found.sys_id), draft);
      return { ...toRef({ id: found.sys_id, number: found.number }), created: false };
    },
    status: async (ref) => toStatus(await records.read(ref.id)),
    moveTo: async (ref, stage) => toStatus(await transitionTo(records, ref.id, stage)),
    addNote: (ref, note) => addNoteOnce({ client, records }, ref.id, note),
    close: async (ref, end) =>
      toStatus(await endChange(records, { ...end, id: ref.id, closeCodes: config.closeCodes })),
    check: async () => {
      const answer = await client.send({
        operation: 'check',
        method: 'GET',
        path: '/api/now/table/change_request',
        query: { sysparm_limit: '1', sysparm_fields: 'sys_id' },
      });
      return `change_request on ${client.instanceUrl} is readable (${answer.headers.get('x-total-count') ?? '?'} records)`;
    },
  };
}
