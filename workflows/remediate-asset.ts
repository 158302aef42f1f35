import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { AssessResult, ExecuteInput, PlannedOption, VerifyResult } from '../activities/contracts.ts';
import { readableInstant } from '../domain/words.ts';
import { ACTIONS } from '../schemas/actions.ts';
import type { ActionName } from '../schemas/option.ts';
import type { RemediateAssetInput, RemediateAssetResult } from '../schemas/workflow-io.ts';
import { assessActivities, notifyActivities, readActivities } from './activity-proxies.ts';
import { awaitDecision } from './steps/await-decision.ts';
import { type Closed, close } from './steps/close.ts';
import { executePlan, rollBack } from './steps/execute-plan.ts';
import { failureText } from './steps/failure-text.ts';
import { beginRound, createRun, enterStage, type Run } from './steps/run.ts';

/** How one round ended: with an outcome, or with "ask me again then". */
type RoundResult = Closed | { readonly snoozedUntil: string };

/** One asset, from the first look to the bill: gather → assess → ask → wait → execute → verify → close. */
export async function remediateAsset(input: RemediateAssetInput): Promise<RemediateAssetResult> {
  const run = createRun(input, workflowInfo().runId);
  let end: Closed;
  try {
    end = await roundsUntilClosed(run);
  } catch (error) {
    // A bug in this code must fail the task and wait for a fix; only what the world did ends the run.
    if (!isCancellation(error) && !(error instanceof ActivityFailure)) throw error;
    const outcome = isCancellation(error) ? 'cancelled' : 'needs-human';
    end = { ...NOTHING, caseId: run.caseId, outcome, reasons: [failureText(error)] };
  }
  const result = await close(run, end);
  // A cancelled run ends with its outcome, too: that is what people and the next sweep want to know.
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  return result;
}

const NOTHING = { caseId: null, chosen: null, decidedBy: [], openIssueIds: [], actedAt: null } as const;

async function roundsUntilClosed(run: Run): Promise<Closed> {
  for (;;) {
    const result = await oneRound(run);
    if (!('snoozedUntil' in result)) return result;
    enterStage(run, 'snoozed');
    await sleep(Math.max(1, Date.parse(result.snoozedUntil) - Date.now()), {
      summary: `Snoozed until ${readableInstant(result.snoozedUntil)}`,
    });
    run.roundNumber++;
    run.round = null;
  }
}

async function oneRound(run: Run): Promise<RoundResult> {
  const { input } = run;
  const read = readActivities(input.queues, 'CNAPP, cost, CMDB, cloud and utilisation, read afresh');
  const { remediationId, asset, ruleId } = input;

  enterStage(run, 'gathering');
  const { requestedBy } = input;
  const gathered = await read.gatherContext({
    remediationId,
    runId: run.runId,
    round: run.roundNumber,
    asset,
    ruleId,
    requestedBy,
  });
  if (gathered.kind === 'gone') return { ...NOTHING, outcome: 'already-gone', reasons: gathered.reasons };
  if (gathered.kind === 'not-idle') return { ...NOTHING, outcome: 'active-again', reasons: gathered.reasons };

  const { caseId } = gathered;
  run.caseId = caseId;
  run.ownerTeam = gathered.ownerTeam;
  enterStage(run, 'assessing');
  const assessment = await assessActivities(input.queues, 'Options, risk and plans').assessRisk({
    remediationId,
    caseId,
    phase: gathered.phase,
  });
  run.assessment = assessment;
  if (gathered.phase === 'observe') return { ...NOTHING, caseId, outcome: 'observed', reasons: ['phase:observe'] };
  if (assessment.options.length === 0)
    return { ...NOTHING, caseId, outcome: 'needs-human', reasons: ['no-option-applies'] };

  const decided = await decision(run, caseId, assessment);
  if ('snoozedUntil' in decided || 'outcome' in decided) return decided;
  return carryOut(run, caseId, decided);
}

interface Approved {
  readonly chosen: PlannedOption;
  readonly approvalId: string;
  readonly decidedBy: readonly string[];
}

async function decision(run: Run, caseId: string, assessment: AssessResult): Promise<RoundResult | Approved> {
  const { input } = run;
  const notify = notifyActivities(input.queues, 'Ticket and message');
  const automated = assessment.automation.allowed ? assessment.automation.optionId : null;
  const expiresAtMs = Date.now() + input.waits.expiry;

  enterStage(run, 'ticketing');
  const ask = await notify.askForDecision({
    remediationId: input.remediationId,
    runId: run.runId,
    caseId,
    round: run.roundNumber,
    expiresAt: new Date(expiresAtMs).toISOString(),
    automatedOption: automated,
  });
  run.ticket = ask.ticket;
  run.approvalId = ask.approvalId;
  run.notes.push(...ask.warnings);
  if (automated !== null)
    return { chosen: optionNamed(assessment, automated), approvalId: ask.approvalId, decidedBy: ['policy'] };

  beginRound(run, { approvalId: ask.approvalId, expiresAtMs, options: assessment.options });
  enterStage(run, 'awaiting-decision');
  const end = await awaitDecision(run, ask.ticket?.id ?? null);
  switch (end.kind) {
    case 'approved':
      if (run.endedBySignal)
        await notify.showDecision({
          approvalId: ask.approvalId,
          headline: `Approved: ${ACTIONS[end.optionId].title}`,
          detail: `by ${end.by.join(', ')}`,
          stage: 'decided',
        });
      return { chosen: optionNamed(assessment, end.optionId), approvalId: ask.approvalId, decidedBy: end.by };
    case 'rejected':
      return { ...NOTHING, caseId, outcome: 'rejected', decidedBy: [end.by], reasons: [end.reason] };
    case 'snoozed':
      await notify.showDecision({
        approvalId: ask.approvalId,
        headline: `Snoozed until ${readableInstant(end.until)}`,
        detail: `by ${end.by}`,
        stage: 'snoozed',
      });
      return { snoozedUntil: end.until };
    case 'expired':
      return { ...NOTHING, caseId, outcome: 'expired', reasons: ['no decision in time: silence means no'] };
    case 'ticket-ended':
      return {
        ...NOTHING,
        caseId,
        outcome: 'cancelled',
        decidedBy: [end.by],
        reasons: [`ticket ${end.state} by ${end.by}`],
      };
  }
}

async function carryOut(run: Run, caseId: string, approved: Approved): Promise<Closed> {
  const { input } = run;
  const { chosen, approvalId, decidedBy } = approved;
  const target: Omit<ExecuteInput, 'step'> = {
    remediationId: input.remediationId,
    runId: run.runId,
    caseId,
    approvalId,
    planDigest: chosen.planDigest,
  };
  const common = { caseId, chosen, decidedBy, openIssueIds: [] as readonly string[] };

  const executed = await executePlan(run, target);
  if (!executed.applied) return { ...common, outcome: executed.outcome, reasons: executed.reasons, actedAt: null };

  enterStage(run, 'verifying');
  const actedAt = new Date().toISOString();
  const verified = await verification(run, { caseId, chosen, actedAt });
  const { reasons, openIssueIds } = verified;
  switch (verified.result) {
    case 'verified':
      return { ...common, outcome: 'remediated', reasons, openIssueIds, actedAt };
    case 'unverified':
      return { ...common, outcome: 'unverified', reasons, openIssueIds, actedAt };
    case 'contradicted': {
      const undone = await rollBack(run, target, reasons);
      return {
        ...common,
        outcome: undone.applied ? 'needs-human' : undone.outcome,
        reasons: undone.reasons,
        actedAt: null,
      };
    }
  }
}

/** The cloud has been changed: cancelled or not, the run finds out whether it is as promised. */
async function verification(
  run: Run,
  change: { caseId: string; chosen: PlannedOption; actedAt: string },
): Promise<VerifyResult> {
  const { input } = run;
  const { caseId, chosen, actedAt } = change;
  const read = readActivities(input.queues, 'Cloud state, rescan and findings after the change');
  try {
    return await CancellationScope.nonCancellable(() =>
      read.verifyChange({
        remediationId: input.remediationId,
        caseId,
        asset: input.asset,
        action: chosen.optionId,
        planDigest: chosen.planDigest,
        actedAt,
        deadlineAt: new Date(Date.now() + input.waits.rescanDeadline).toISOString(),
        pollMs: input.waits.rescanPoll,
      }),
    );
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { result: 'unverified', reasons: [failureText(error)], openIssueIds: [] };
  }
}

function optionNamed(assessment: AssessResult, optionId: ActionName): PlannedOption {
  const option = assessment.options.find((o) => o.optionId === optionId);
  if (!option) throw new Error(`no plan for ${optionId}`);
  return option;
}
