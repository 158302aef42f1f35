import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { RoundEnd } from '../../domain/decision-round.ts';
import { notifyActivities } from '../activity-proxies.ts';
import type { Run } from './run.ts';

export type WaitEnd =
  | RoundEnd
  | { readonly kind: 'expired' }
  | { readonly kind: 'ticket-ended'; readonly by: string; readonly state: string };

/**
 * Waits for people: reminds, escalates, and takes silence for "no". Costs one timer while it waits; the ticket is
 * watched by an activity whose looks are retries and leave no history.
 */
export async function awaitDecision(run: Run, ticketId: string | null): Promise<WaitEnd> {
  const { waits, queues } = run.input;
  const round = run.round;
  if (round === null) throw new Error('awaitDecision needs an open round');
  const notify = notifyActivities(queues, 'Reminder or escalation');
  const asked = Date.now();

  let ticketEnd: { by: string; state: string } | null = null;
  const watch = new CancellationScope();
  if (ticketId !== null)
    watch
      .run(() =>
        notifyActivities(queues, 'Watch the ticket for an end by somebody else').watchTicket({
          ticketId,
          pollMs: waits.ticketPoll,
        }),
      )
      .then((end) => {
        ticketEnd = { by: end.endedBy, state: end.state };
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) run.notes.push('The ticket can no longer be watched; decide here.');
      });

  const over = () => run.round?.ended != null || ticketEnd !== null;
  const marks = [
    { atMs: asked + waits.reminder, kind: 'reminder' as const },
    { atMs: asked + waits.escalation, kind: 'escalation' as const },
  ].filter((m) => m.atMs < round.expiresAtMs);

  try {
    for (const mark of marks) {
      if (await condition(over, Math.max(1, mark.atMs - Date.now()), { summary: `Until the ${mark.kind}` })) break;
      const expiresAt = new Date(round.expiresAtMs).toISOString();
      await notify.remind({ approvalId: round.approvalId, kind: mark.kind, expiresAt });
    }
    if (!over())
      await condition(over, Math.max(1, round.expiresAtMs - Date.now()), {
        summary: 'Until it expires: silence means no',
      });
  } finally {
    watch.cancel();
  }
  if (run.round?.ended) return run.round.ended;
  const ended = ticketEnd as { by: string; state: string } | null;
  return ended ? { kind: 'ticket-ended', ...ended } : { kind: 'expired' };
}
