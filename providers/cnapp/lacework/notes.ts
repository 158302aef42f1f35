import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { LaceworkClient } from './client.ts';
import { failure } from './errors.ts';
import { textAt } from './fields.ts';
import { readAll } from './paging.ts';

/** Commenting is not idempotent, so the marker is looked for in the timeline first: a retry after a lost answer adds nothing. */
export async function addIssueNote(
  client: LaceworkClient,
  note: { readonly issueId: string; readonly marker: string; readonly text: string },
  maxPages: number,
): Promise<{ noteId: string; created: boolean }> {
  if (!/^\d{1,19}$/.test(note.issueId))
    throw failure('Alerts/comment', Kind.NotFound, `${note.issueId.slice(0, 40)} is no alert id: those are numbers`);
  const alert = `Alerts/${note.issueId}`;
  const timeline = { method: 'GET', path: `${alert}?scope=Timeline`, permission: 'read alerts' } as const;
  const present = (await readAll(client, timeline, maxPages)).find((entry) =>
    textAt(entry, 'message.value')?.includes(note.marker),
  );
  if (present !== undefined) return { noteId: textAt(present, 'id') ?? note.marker, created: false };
  const comment = note.text.includes(note.marker) ? note.text : `${note.text}\n[${note.marker}]`;
  const answer = await client.call({
    method: 'POST',
    path: `${alert}/comment`,
    permission: 'comment on alerts',
    body: { comment },
  });
  const noteId = textAt(answer, 'data.id');
  if (noteId === null) throw failure('Alerts/comment', Kind.Malformed, 'data.id of the comment is missing');
  return { noteId, created: true };
}
