import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { Context } from './context.ts';
import { failure } from './errors.ts';
import { readWhole } from './paging.ts';

const COMMENT = 'comment on alerts';
const Log = z.object({ event_log: z.array(z.unknown()).nullish() });

/** A comment is not idempotent, so the marker is looked for first: a retry after a lost answer adds nothing. */
export async function addIssueNote(
  { client, pageSize, window }: Context,
  note: { readonly issueId: string; readonly marker: string; readonly text: string },
): Promise<{ noteId: string; created: boolean }> {
  const alert = `/api/alerts/${encodeURIComponent(note.issueId)}`;
  // The vendor gives comments no id of their own that its clients could rely on.
  const noteId = `${note.issueId}#${note.marker}`;
  const events = await readWhole(
    'event-log',
    async (start, limit) => {
      const body = await client.call({
        operation: 'event-log',
        method: 'GET',
        path: `${alert}/event_log?type=comment&limit=${limit}&start_at_index=${start}`,
        needs: 'read alerts',
      });
      const parsed = Log.safeParse(body);
      if (!parsed.success) throw failure('event-log', Kind.Malformed, 'event_log must be a list');
      const nodes = parsed.data.event_log ?? [];
      return { nodes, total: nodes.length < limit ? start + nodes.length : null };
    },
    { pageSize, window },
  );
  const marker = JSON.stringify(note.marker).slice(1, -1);
  if (events.some((event) => JSON.stringify(event).includes(marker))) return { noteId, created: false };
  const comment = note.text.includes(note.marker) ? note.text : `${note.text}\n[${note.marker}]`;
  await client.call({
    operation: 'comment',
    method: 'PUT',
    path: `${alert}/comment`,
    body: { comment },
    needs: COMMENT,
  });
  return { noteId, created: true };
}
