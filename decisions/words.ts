import { ACTIONS } from '../schemas/actions.ts';
import type { ApprovalRequest, Decision } from '../schemas/decision.ts';
import type { Delivered } from './types.ts';

export interface Counted {
  readonly counted: number;
  readonly required: number;
  /** Names of those who approved the same option. */
  readonly by: readonly string[];
}

/** Distinct people behind the option of this decision. The workflow's own count wins when it has answered. */
export function countApprovals(
  decision: Decision,
  known: { approval: ApprovalRequest; decisions: readonly Decision[]; delivered: Delivered | null },
): Counted {
  const option = known.approval.options.find((o) => o.optionId === decision.optionId);
  const same = known.decisions.filter((d) => d.kind === 'approve' && d.optionId === decision.optionId);
  const by = [...new Map(same.map((d) => [d.actor.subject, d.actor.displayName])).values()];
  const answer = known.delivered?.answer;
  return {
    counted: answer ? answer.approvalsCounted : by.length,
    required: answer ? answer.approvalsRequired : (option?.requiredApprovals ?? 1),
    by,
  };
}

/** For everyone, in the thread. */
export function threadLine(decision: Decision, count: Counted): string {
  const who = decision.actor.displayName;
  switch (decision.kind) {
    case 'approve': {
      const tally = count.required > 1 ? ` (${count.counted} of ${count.required} approvals)` : '';
      return `✅ ${who} approved ${actionWords(decision)}${tally}.`;
    }
    case 'reject':
      return `❌ ${who} rejected this: “${decision.reason ?? ''}”`;
    case 'snooze':
      return `💤 ${who} snoozed this until ${decision.snoozeUntil?.slice(0, 10) ?? 'later'}.`;
    case 'withdraw':
      return `↩️ ${who} called the approved change off.`;
  }
}

/** For the person who pressed. */
export function receipt(decision: Decision, count: Counted, delivered: Delivered | null): string {
  if (decision.kind === 'withdraw')
    return '✅ Recorded: the change is called off. What was only stopped is started again; what was destroyed by then stays so.';
  const missing = decision.kind === 'approve' ? count.required - count.counted : 0;
  const others =
    missing > 0
      ? ` ${missing} more ${missing === 1 ? 'person has' : 'people have'} to agree before anything changes.`
      : '';
  const later =
    delivered?.via === 'update'
      ? ''
      : ' Idlewise is not running its workers right now; it will be honoured as soon as they are back.';
  return `✅ Your ${saidWords(decision)} is recorded.${others}${later}`;
}

export const alreadySaid = (decision: Decision): string =>
  `☑️ You said this already: your ${saidWords(decision)} was recorded at ${decision.decidedAt.slice(11, 16)} UTC and counts once.`;

/** The records do not answer, but the trail has it: nothing is lost, and saying it again changes nothing. */
export const pending = (decision: Decision): string =>
  `⏳ Your ${saidWords(decision)} is written in the audit trail. Idlewise cannot reach its records right now; it counts as soon as they answer.`;

function saidWords(decision: Decision): string {
  switch (decision.kind) {
    case 'approve':
      return `approval of ${actionWords(decision)}`;
    case 'reject':
      return 'rejection';
    case 'snooze':
      return 'snooze';
    case 'withdraw':
      return 'withdrawal';
  }
}

export const actionWords = (decision: Decision): string =>
  decision.optionId ? ACTIONS[decision.optionId].doing : 'the change';
