import { CancellationScope, condition, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { SearchAttributes } from '../../domain/search-attributes.ts';
import type { RemediateAssetInput, RemediateAssetResult } from '../../schemas/workflow-io.ts';
import {
  assessActivities,
  executeActivities,
  notifyActivities,
  readActivities,
} from '../../workflows/activity-proxies.ts';
import { decide } from '../../workflows/messages.ts';

/**
 * The least a workflow can do that leaves the same history as a plain approved stop: the same activities with the same
 * payloads, one timer, one update, the same search attributes; no state, no rules, no details.
 */
export async function sameShape(input: RemediateAssetInput): Promise<RemediateAssetResult> {
  const { queues, waits, remediationId, asset, ruleId } = input;
  const { runId } = workflowInfo();
  let pressed = false;
  setHandler(
    decide,
    (_decision) => {
      pressed = true;
      return { accepted: true, refusal: null, approvalsCounted: 1, approvalsRequired: 1 };
    },
    { validator: (_decision) => undefined },
  );
  const gathered = await readActivities(queues, 'CNAPP, cost, CMDB, cloud and utilisation, read afresh').gatherContext({
    remediationId,
    runId,
    round: 1,
    asset,
    ruleId,
  });
  if (gathered.kind !== 'gathered') throw new Error('the script always gathers');
  const { caseId, phase, ownerTeam } = gathered;
  const { options, riskLevel } = await assessActivities(queues, 'Options, risk and plans').assessRisk({
    remediationId,
    caseId,
    phase,
  });
  const expiresAt = new Date(Date.now() + waits.expiry);
  const notify = notifyActivities(queues, 'Ticket and message');
  const { approvalId, ticket } = await notify.askForDecision({
    remediationId,
    runId,
    caseId,
    round: 1,
    expiresAt: expiresAt.toISOString(),
    automatedOption: null,
  });
  const chosen = options[0];
  if (!ticket || !chosen) throw new Error('the script always has a ticket and an option');
  const attributes = (stage: string) => [
    { key: SearchAttributes.stage, value: stage },
    { key: SearchAttributes.riskLevel, value: riskLevel },
    { key: SearchAttributes.ticketId, value: ticket.number },
  ];
  upsertSearchAttributes([
    ...attributes('awaiting-decision'),
    { key: SearchAttributes.ownerTeam, value: ownerTeam },
    { key: SearchAttributes.decisionDueAt, value: expiresAt },
  ]);
  const watch = new CancellationScope();
  const watcher = notifyActivities(queues, 'Watch the ticket for an end by somebody else');
  void watch.run(() => watcher.watchTicket({ ticketId: ticket.id, pollMs: waits.ticketPoll })).catch(() => undefined);
  await condition(() => pressed, waits.reminder, { summary: 'Until the reminder' });
  watch.cancel();

  const { planDigest, optionId: action, monthlySaving } = chosen;
  upsertSearchAttributes(attributes('executing'));
  const target = { remediationId, runId, caseId, approvalId, planDigest };
  const execute = executeActivities(queues, waits, 'The change, under credentials for it alone');
  const { reasons } = await execute.executeChange({ ...target, step: 'apply' });
  const acted = Date.now();
  const actedAt = new Date(acted).toISOString();
  const read = readActivities(queues, 'Cloud state, rescan and findings after the change');
  const { openIssueIds } = await read.verifyChange({
    remediationId,
    caseId,
    asset,
    action,
    planDigest,
    actedAt,
    deadlineAt: new Date(acted + waits.rescanDeadline).toISOString(),
    pollMs: waits.rescanPoll,
  });
  await notifyActivities(queues, 'Tell everybody: remediated').closeOut({
    remediationId,
    runId,
    caseId,
    approvalId,
    asset,
    ruleId,
    outcome: 'remediated',
    action,
    decidedBy: ['ana@acme.example'],
    reasons,
    openIssueIds,
  });
  upsertSearchAttributes(attributes('awaiting-bill'));
  const saving = await readActivities(queues, 'The bill after the change').verifySaving({
    remediationId,
    caseId,
    asset,
    action,
    expected: monthlySaving,
    actedAt,
    notBefore: new Date(acted + waits.billingLag).toISOString(),
    deadlineAt: new Date(acted + waits.billingDeadline).toISOString(),
    pollMs: 1000,
  });
  await notifyActivities(queues, 'Saving: verified').reportSaving({ remediationId, approvalId, caseId, saving });
  upsertSearchAttributes(attributes('closed'));
  return { outcome: 'remediated', action, reasons: [...reasons], monthlySaving, savingVerified: saving.result };
}
