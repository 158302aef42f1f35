import type { ChangeRecords } from '../../servicenow/change-records.ts';
import type { ServiceNowClient } from '../../servicenow/client.ts';
import { isUncertain } from '../../servicenow/errors.ts';
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
  return rows.length + hidden > 0;
}
