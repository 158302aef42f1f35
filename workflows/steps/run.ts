import {
  ApplicationFailure,
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { AssessResult } from '../../activities/contracts.ts';
import { applyDecision, openRound, type Round, type RoundTerms, refusalOf } from '../../domain/decision-round.ts';
import { remediationDetails } from '../../domain/remediation-details.ts';
import { SearchAttributes } from '../../domain/search-attributes.ts';
import type { Decision, DecisionAnswer } from '../../schemas/decision.ts';
import type { Outcome, Stage } from '../../schemas/outcome.ts';
import type { TicketRef } from '../../schemas/ticket.ts';
import type { RemediateAssetInput } from '../../schemas/workflow-io.ts';
import { decide, decisionSignal, remediationStatus, ticketEndedSignal, withdrawSignal } from '../messages.ts';

/** The mutable state of one run, shared by its steps and its message handlers. */
export interface Run {
  readonly input: RemediateAssetInput;
  readonly runId: string;
  stage: Stage;
  roundNumber: number;
  round: Round | null;
  /** Decisions by Signal that came before the round was open; counted when it opens. */
  readonly early: Decision[];
  /** Set when the round was ended by a Signal: nobody has been answered yet. */
  endedBySignal: boolean;
  /** Somebody called the change off during the hold. */
  withdrawnBy: string | null;
  /** Told by a webhook, sooner than the next look at the ticket. */
  ticketEnded: { readonly by: string; readonly state: string } | null;
  assessment: AssessResult | null;
  ticket: TicketRef | null;
  ownerTeam: string | null;
  caseId: string | null;
  approvalId: string | null;
  outcome: Outcome | null;
  readonly notes: string[];
}

export function createRun(input: RemediateAssetInput, runId: string): Run {
  const run: Run = {
    input,
    runId,
    stage: 'gathering',
    roundNumber: input.round,
    round: null,
    early: [],
    endedBySignal: false,
    withdrawnBy: null,
    ticketEnded: null,
    assessment: null,
    ticket: null,
    ownerTeam: null,
    caseId: null,
    approvalId: null,
    outcome: null,
    notes: [],
  };
  registerHandlers(run);
  return run;
}

/** Opens the round for decisions, beginning with those that were quicker than the news that the message was posted. */
export function beginRound(run: Run, terms: RoundTerms): void {
  run.round = openRound(terms);
  run.endedBySignal = false;
  for (const decision of run.early.splice(0)) countSignal(run, decision);
}

/** Both ways a decision can come in go through the one pure, idempotent function. */
function registerHandlers(run: Run): void {
  setHandler(decide, (decision) => answerUpdate(run, decision), {
    validator: (decision) => {
      // The message is out before this run has heard of it: that interaction is answered when the round is open.
      if (run.round === null && run.stage === 'ticketing') return;
      const refusal = refusalOf(run.round, decision, Date.now());
      if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, 'DecisionRefused');
    },
  });
  setHandler(decisionSignal, (decision) => countSignal(run, decision));
  setHandler(ticketEndedSignal, (end) => {
    run.ticketEnded ??= end;
  });
  setHandler(withdrawSignal, (by) => {
    run.withdrawnBy = by;
  });
  setHandler(remediationStatus, () => ({
    stage: run.stage,
    round: run.roundNumber,
    approvalId: run.approvalId,
    approvals: (run.round?.approvals ?? []).map(({ subject, optionId }) => ({ subject, optionId })),
    riskLevel: run.assessment?.riskLevel ?? null,
    outcome: run.outcome,
  }));
}

async function answerUpdate(run: Run, decision: Decision): Promise<DecisionAnswer> {
  await condition(() => run.round !== null || run.stage !== 'ticketing');
  if (run.round === null) throw ApplicationFailure.nonRetryable('not-awaiting-decision', 'DecisionRefused');
  const { round, answer } = applyDecision(run.round, decision, Date.now());
  run.round = round;
  return answer;
}

function countSignal(run: Run, decision: Decision): void {
  if (run.round === null) {
    if (run.early.length < MAX_EARLY) run.early.push(decision);
    return;
  }
  const wasOpen = run.round.ended === null;
  // The interaction was checked and stored when it happened; workers being down since must not make it late.
  const { round } = applyDecision(run.round, decision, Date.parse(decision.decidedAt));
  run.round = round;
  if (wasOpen && round.ended !== null) run.endedBySignal = true;
}

/** Far more than people press; a flood of Signals must not fill the memory of a run. */
const MAX_EARLY = 50;

/** Moves to a stage and shows it; the search attribute is written only where people filter by it. */
export function enterStage(run: Run, stage: Stage): void {
  run.stage = stage;
  const assessment = run.assessment;
  setCurrentDetails(remediationDetails({ ...run, assessment, assetName: run.input.asset.name }));
  if (!FILTERED_STAGES.has(stage)) return;
  upsertSearchAttributes([
    { key: SearchAttributes.stage, value: stage },
    ...(assessment ? [{ key: SearchAttributes.riskLevel, value: assessment.riskLevel }] : []),
    ...(run.ownerTeam && stage === 'awaiting-decision'
      ? [{ key: SearchAttributes.ownerTeam, value: run.ownerTeam }]
      : []),
    ...(run.ticket ? [{ key: SearchAttributes.ticketId, value: run.ticket.number }] : []),
    ...(run.round && stage === 'awaiting-decision'
      ? [{ key: SearchAttributes.decisionDueAt, value: new Date(run.round.expiresAtMs) }]
      : []),
  ]);
}

/** Each upsert is a history event: only the stages an operator lists by. */
const FILTERED_STAGES: ReadonlySet<Stage> = new Set([
  'awaiting-decision',
  'snoozed',
  'awaiting-window',
  'executing',
  'awaiting-bill',
  'closed',
]);
