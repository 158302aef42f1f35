import { isProviderError, ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { type Alert, readOneAlert } from './alerts.ts';
import type { PrismaParts } from './context.ts';
import { failureWith } from './errors.ts';
import { statusId } from './words.ts';

interface Note {
  readonly issueId: string;
  readonly marker: string;
  readonly text: string;
}
interface Written {
  readonly noteId: string;
  readonly created: boolean;
}

const HOUR = 3_600_000;
const MOST_TEXT = 1_000;

/**
 * Alerts take no comments. A note is either kept on our side only (`kept-here/…`, never created on the platform), or,
 * where that is configured, is the reason of a snooze that ends by itself. Only open alerts are snoozed: an alert that
 * somebody dismissed, or that is resolved, is left as it is.
 */
export async function addIssueNote(parts: PrismaParts, note: Note): Promise<Written> {
  const { snoozeNotes } = parts.config;
  if (snoozeNotes === null) return keptHere(note);
  const before = await readOneAlert(parts.cspm, note.issueId);
  const already = carries(before, note);
  if (already) return already;
  if (statusId(before.status) !== 1 || before.policy?.restrictAlertDismissal === true) return keptHere(note);
  try {
    await snooze(parts, note, Math.max(1, Math.ceil(snoozeNotes / HOUR)));
  } catch (error) {
    // Somebody was faster: the alert has changed its status since it was read.
    if (!isProviderError(error, 'not-found')) throw tooShort(error);
    return carries(await readOneAlert(parts.cspm, note.issueId), note) ?? keptHere(note);
  }
  return { noteId: noteIdOf(note), created: true };
}

async function snooze(parts: PrismaParts, note: Note, hours: number): Promise<void> {
  const space = MOST_TEXT - note.marker.length - 3;
  const text = note.text.includes(note.marker) ? note.text : `${note.text.slice(0, space)} [${note.marker}]`;
  await parts.cspm.call({
    operation: 'dismiss-alert',
    path: '/alert/dismiss',
    body: {
      alerts: [note.issueId],
      dismissalNote: text,
      dismissalTimeRange: { type: 'relative', value: { amount: hours, unit: 'hour' } },
      filter: { timeRange: { type: 'to_now', value: 'epoch' } },
    },
  });
}

function carries(alert: Alert, note: Note): Written | null {
  return alert.dismissalNote?.includes(note.marker) ? { noteId: noteIdOf(note), created: false } : null;
}

function noteIdOf(note: Note): string {
  return `${note.issueId}/dismissal-note`;
}

function keptHere(note: Note): Written {
  return { noteId: `kept-here/${note.issueId}/${note.marker}`, created: false };
}

function tooShort(error: unknown): unknown {
  if (!isProviderError(error) || !error.message.includes('violates_minimum_alert_dismiss_duration_time')) return error;
  const message = 'the snooze is shorter than the platform allows; raise cnapp.prisma.snoozeNotes';
  return failureWith({ operation: 'dismiss-alert', kind: Kind.Terminal, message, cause: error });
}
