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

  // What happens beside the wait must never hold it up, or end it, when it fails.
  const background = new CancellationScope();
  const beside = (work: () => Promise<void>, whenItFails: string): void => {
    background.run(work).catch((error: unknown) => {
      if (!isCancellation(error)) run.notes.push(whenItFails);
    });
  };

  if (ticketId !== null)
    beside(async () => {
      const watcher = notifyActivities(queues, 'Watch the ticket for an end by somebody else');
      const end = await watcher.watchTicket({ ticketId, pollMs: waits.ticketPoll });
      run.ticketEnded ??= { by: end.endedBy, state: end.state };
    }, 'The ticket can no longer be watched; decide here.');

  const over = () => run.round?.ended != null || run.ticketEnded !== null;
  const marks = [
    { atMs: asked + waits.reminder, kind: 'reminder' as const },
    { atMs: asked + waits.escalation, kind: 'escalation' as const },
  ].filter((m) => m.atMs < round.expiresAtMs);

  try {
    for (const mark of marks) {
      if (await condition(over, Math.max(1, mark.atMs - Date.now()), { summary: `Until the ${mark.kind}` })) break;
      const expiresAt = new Date(round.expiresAtMs).toISOString();
      beside(
        () => notify.remind({ approvalId: round.approvalId, kind: mark.kind, expiresAt }),
        `The ${mark.kind} could not be sent.`,
      );
    }
    if (!over())
      await condition(over, Math.max(1, round.expiresAtMs - Date.now()), {
        summary: 'Until it expires: silence means no',
      });
  } finally {
    background.cancel();
  }
  if (run.round?.ended) return run.round.ended;
  return run.ticketEnded ? { kind: 'ticket-ended', ...run.ticketEnded } : { kind: 'expired' };
}
