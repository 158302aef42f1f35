import { REASON } from '../providers/chat/buttons.ts';
import { REASON_TOO_SHORT } from '../providers/chat/card-words.ts';
import type { Answer } from './types.ts';

/** What is wrong with the reason of a rejection, for the form itself; null when it will do. */
export function reasonProblem(reason: string | null): string | null {
  const length = reason?.length ?? 0;
  if (length < REASON.min) return REASON_TOO_SHORT;
  return length > REASON.max ? `Please keep it under ${REASON.max} characters.` : null;
}

/** The value of an answer that nobody could count, whoever gave it; null when all are fine. A missing reason is asked for. */
export function problemWith(
  answer: Answer | null,
  now: number,
): { readonly field: 'reason' | 'until'; readonly problem: string } | null {
  if (answer?.kind === 'reject' && answer.reason !== null) {
    const problem = reasonProblem(answer.reason);
    return problem === null ? null : { field: 'reason', problem };
  }
  if (answer?.kind !== 'snooze') return null;
  const until = Date.parse(answer.until);
  if (Number.isNaN(until))
    return { field: 'until', problem: `must be an ISO-8601 instant, found "${answer.until.slice(0, 40)}"` };
  return until > now ? null : { field: 'until', problem: `must be in the future, found ${answer.until}` };
}
