import type { Decision, DecisionAnswer } from '../schemas/decision.ts';
import type { ActionName } from '../schemas/option.ts';

/** What was asked in one round, as far as counting decisions needs it. */
export interface RoundTerms {
  readonly approvalId: string;
  readonly expiresAtMs: number;
  readonly options: readonly { optionId: ActionName; planDigest: string; requiredApprovals: number }[];
}

/** The round so far. Plain data: it lives in workflow state and survives continue-as-new. */
export interface Round extends RoundTerms {
  /** Decisions already counted, by id: a repeated delivery changes nothing. */
  readonly counted: Readonly<Record<string, DecisionAnswer>>;
  readonly approvals: readonly { subject: string; displayName: string; optionId: ActionName; decisionId: string }[];
  readonly ended: RoundEnd | null;
}

export type RoundEnd =
  | {
      readonly kind: 'approved';
      readonly optionId: ActionName;
      readonly planDigest: string;
      readonly by: readonly string[];
      readonly decisionId: string;
    }
  | { readonly kind: 'rejected'; readonly by: string; readonly reason: string }
  | { readonly kind: 'snoozed'; readonly by: string; readonly until: string };

export function openRound(terms: RoundTerms): Round {
  return { ...terms, counted: {}, approvals: [], ended: null };
}

/** Why a run does not count a decision. */
export const ROUND_REFUSALS = [
  'not-awaiting-decision',
  'superseded',
  'already-decided',
  'expired',
  'not-approved',
  'unknown-option',
  'plan-digest-mismatch',
] as const;
export type RoundRefusal = (typeof ROUND_REFUSALS)[number];

/** Why a decision cannot count, or null when it can. Read-only: also the Update validator. */
export function refusalOf(round: Round | null, decision: Decision, nowMs: number): RoundRefusal | null {
  if (round === null) return 'not-awaiting-decision';
  if (countedBefore(round, decision)) return null;
  if (decision.approvalId !== round.approvalId) return 'superseded';
  if (round.ended !== null) return 'already-decided';
  if (nowMs >= round.expiresAtMs) return 'expired';
  // Calling off is no answer to an open request; it comes by a Signal of its own.
  if (decision.kind === 'withdraw') return 'not-approved';
  if (decision.kind === 'approve') {
    const option = round.options.find((o) => o.optionId === decision.optionId);
    if (!option) return 'unknown-option';
    if (option.planDigest !== decision.planDigest) return 'plan-digest-mismatch';
  }
  return null;
}

/**
 * Counts one decision. Approvals count by distinct person and by option: two people who want different things have not
 * agreed. One rejection ends the round, whatever was approved before.
 */
export function applyDecision(
  round: Round,
  decision: Decision,
  nowMs: number,
): { round: Round; answer: DecisionAnswer } {
  const known = countedBefore(round, decision);
  if (known) return { round, answer: known };
  const refusal = refusalOf(round, decision, nowMs);
  if (refusal !== null) return { round, answer: answerOf(round, decision, refusal) };

  if (decision.kind === 'reject') {
    const ended: RoundEnd = { kind: 'rejected', by: decision.actor.displayName, reason: decision.reason ?? '' };
    return settle({ ...round, ended }, decision);
  }
  if (decision.kind === 'snooze') {
    const ended: RoundEnd = { kind: 'snoozed', by: decision.actor.displayName, until: decision.snoozeUntil as string };
    return settle({ ...round, ended }, decision);
  }

  const optionId = decision.optionId as ActionName;
  const mine = {
    subject: decision.actor.subject,
    displayName: decision.actor.displayName,
    optionId,
    decisionId: decision.decisionId,
  };
  const approvals = [...round.approvals.filter((a) => a.subject !== mine.subject), mine];
  const agreeing = approvals.filter((a) => a.optionId === optionId);
  const required = requiredFor(round, optionId);
  const ended: RoundEnd | null =
    agreeing.length >= required
      ? {
          kind: 'approved',
          optionId,
          planDigest: decision.planDigest as string,
          by: agreeing.map((a) => a.displayName),
          decisionId: decision.decisionId,
        }
      : null;
  return settle({ ...round, approvals, ended }, decision);
}

/** Own entries only: an id such as `constructor` is nobody's earlier decision. */
function countedBefore(round: Round, { decisionId }: Decision): DecisionAnswer | undefined {
  return Object.hasOwn(round.counted, decisionId) ? round.counted[decisionId] : undefined;
}

function settle(round: Round, decision: Decision): { round: Round; answer: DecisionAnswer } {
  const answer = answerOf(round, decision, null);
  return { round: { ...round, counted: { ...round.counted, [decision.decisionId]: answer } }, answer };
}

function answerOf(round: Round, decision: Decision, refusal: string | null): DecisionAnswer {
  return {
    accepted: refusal === null,
    refusal,
    approvalsCounted:
      decision.optionId === null ? 0 : round.approvals.filter((a) => a.optionId === decision.optionId).length,
    approvalsRequired: decision.optionId === null ? 0 : requiredFor(round, decision.optionId),
  };
}

function requiredFor(round: RoundTerms, optionId: ActionName): number {
  return round.options.find((o) => o.optionId === optionId)?.requiredApprovals ?? Number.POSITIVE_INFINITY;
}
