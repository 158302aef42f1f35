import type { ChangeRecords } from '../../servicenow/change-records.ts';
import type { ServiceNowClient } from '../../servicenow/client.ts';
import { isUncertain } from '../../servicenow/errors.ts';
import { Pair } from '../../servicenow/fields.ts';
import { readAllRows } from '../../servicenow/table.ts';
import { markerText, noteText } from './texts.ts';

/** Appends a work note once. A note cannot be taken back, so the journal is searched first, and again after a doubtful write. */
export async function addNoteOnce(
  deps: { client: ServiceNowClient; records: ChangeRecords },
  id: string,
  note: { marker: string; text: string },
): Promise<{ created: boolean }> {
  if (await noteExists(deps.client, id, note.marker)) return { created: false };
  try {
    await deps.records.patch(id, { work_notes: noteText(note.text, note.marker) });
  } catch (error) {
    if (!isUncertain(error) || !(await noteExists(deps.client, id, note.marker))) throw error;
  }
  return { created: true };
}

async function noteExists(client: ServiceNowClient, id: string, marker: string): Promise<boolean> {
  const { rows, hidden } = await readAllRows(client, {
    table: 'sys_journal_field',
    fields: ['value'],
    where: [
      { field: 'element_id', in: [id] },
      { field: 'element', in: ['work_notes'] },
      { field: 'value', contains: markerText(marker) },
    ],
  });
  // A withheld row matched too: a missing note is better than the same note every minute.
  return rows.length + hidden > 0 || inHistory(client, id, marker);
}

/**
 * The journal table has access rules of its own and commonly answers an integration user with an empty list. The record's own
 * column shows the same history as its display value.
 */
async function inHistory(client: ServiceNowClient, id: string, marker: string): Promise<boolean> {
  const where = [{ field: 'sys_id', in: [id] }];
  const { rows } = await readAllRows(client, { table: 'change_request', fields: ['work_notes'], where });
  return rows.some((row) => Pair.safeParse(row['work_notes']).data?.label.includes(markerText(marker)));
}
