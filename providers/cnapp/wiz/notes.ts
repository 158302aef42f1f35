import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { WizClient } from './client.ts';
import { failure } from './errors.ts';

const WithNotes = z.object({ notes: z.array(z.object({ id: z.string(), text: z.string().catch('') })).nullish() });
const Created = z.object({ issueNote: z.object({ id: z.string() }) });

/** Creating a note is not idempotent, so the marker is looked for first: a retry after a lost answer adds nothing. */
export async function addIssueNote(
  client: WizClient,
  note: { readonly issueId: string; readonly marker: string; readonly text: string },
): Promise<{ noteId: string; created: boolean }> {
  const { issue } = await client.query('issueNotes', { id: note.issueId });
  if (issue === null || issue === undefined) throw failure('issueNotes', Kind.NotFound, `no issue ${note.issueId}`);
  const parsed = WithNotes.safeParse(issue);
  if (!parsed.success) throw failure('issueNotes', Kind.Malformed, 'issue.notes must be a list of {id, text}');
  const present = parsed.data.notes?.find((n) => n.text.includes(note.marker));
  if (present) return { noteId: present.id, created: false };
  const text = note.text.includes(note.marker) ? note.text : `${note.text}\n[${note.marker}]`;
  const data = await client.query('addNote', { input: { issueId: note.issueId, text } });
  const created = Created.safeParse(data['createIssueNote']);
  if (!created.success) throw failure('addNote', Kind.Malformed, 'createIssueNote.issueNote.id is missing');
  return { noteId: created.data.issueNote.id, created: true };
}
