import { ActivityFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { PlannedOption } from '../../activities/contracts.ts';
import type { Outcome } from '../../schemas/outcome.ts';
import type { RemediateAssetResult } from '../../schemas/workflow-io.ts';
import { notifyActivities, readActivities } from '../activity-proxies.ts';
import { enterStage, type Run } from './run.ts';

/** How a remediation ended, as far as closing it needs to know. */
export interface Closed {
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  readonly caseId: string | null;
  readonly chosen: PlannedOption | null;
  readonly decidedBy: readonly string[];
  readonly openIssueIds: readonly string[];
  /** When the cloud was changed; null when it was not. */
  readonly actedAt: string | null;
}

/** Tells everybody, ends the ticket, cancelled or not; then waits for the bill where there is something to prove. */
export async function close(run: Run, end: Closed): Promise<RemediateAssetResult> {
  const { input } = run;
  run.outcome = end.outcome;
  run.notes.push(...end.reasons);
  enterStage(run, 'closing');
  const notify = notifyActivities(input.queues, `Tell everybody: ${end.outcome}`);
  await CancellationScope.nonCancellable(() =>
    notify.closeOut({
      remediationId: input.remediationId,
      runId: run.runId,
      caseId: end.caseId,
      approvalId: run.approvalId,
      asset: input.asset,
      ruleId: input.ruleId,
      outcome: end.outcome,
      action: end.chosen?.optionId ?? null,
      decidedBy: end.decidedBy,
      reasons: end.reasons,
      openIssueIds: end.openIssueIds,
    }),
  );
  const savingVerified =
    end.actedAt === null || end.chosen === null || end.caseId === null
      ? 'not-applicable'
      : await proveSaving(run, { caseId: end.caseId, chosen: end.chosen, actedAt: end.actedAt });
  enterStage(run, 'closed');
  return {
    outcome: end.outcome,
    action: end.chosen?.optionId ?? null,
    reasons: [...end.reasons],
    monthlySaving: end.chosen?.monthlySaving ?? null,
    savingVerified,
  };
}

/**
 * The last proof comes from the bill, days later; the run stays open for it and costs nothing meanwhile. A bill that
 * cannot be read, or a run that is cancelled meanwhile, proves nothing and changes nothing about the outcome.
 */
async function proveSaving(
  run: Run,
  change: { caseId: string; chosen: PlannedOption; actedAt: string },
): Promise<RemediateAssetResult['savingVerified']> {
  const { input } = run;
  const { caseId, chosen, actedAt } = change;
  enterStage(run, 'awaiting-bill');
  const acted = Date.parse(actedAt);
  try {
    const saving = await readActivities(input.queues, 'The bill after the change').verifySaving({
      remediationId: input.remediationId,
      caseId,
      asset: input.asset,
      action: chosen.optionId,
      expected: chosen.monthlySaving,
      actedAt,
      notBefore: new Date(acted + input.waits.billingLag).toISOString(),
      deadlineAt: new Date(acted + input.waits.billingDeadline).toISOString(),
      pollMs: Math.max(1000, Math.round(input.waits.billingLag / 4)),
    });
    await notifyActivities(input.queues, `Saving: ${saving.result}`).reportSaving({
      remediationId: input.remediationId,
      approvalId: run.approvalId,
      caseId,
      saving,
    });
    return saving.result;
  } catch (error) {
    if (!isCancellation(error) && !(error instanceof ActivityFailure)) throw error;
    run.notes.push('The saving could not be proved on the bill.');
    return 'not-billed-yet';
  }
}
