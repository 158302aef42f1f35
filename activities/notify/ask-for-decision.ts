import { placesOf } from '../../domain/places.ts';
import type { Config } from '../../config/schema.ts';
import { decisionEvent, writeToTrail } from '../../ports/decision-trail.ts';
import { formatMoney } from '../../domain/money.ts';
import { findingWord } from '../../domain/words.ts';
import type { ApprovalCard, ChatPort } from '../../ports/chat.ts';
import { ACTIONS } from '../../schemas/actions.ts';
import { sha256 } from '../../schemas/digest.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Verifier } from '../../ports/signing.ts';
import type { Store } from '../../ports/store.ts';
import type { TicketPort } from '../../ports/tickets.ts';
import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import type { CaseDocument } from '../../schemas/records.ts';
import type { TicketRef } from '../../schemas/ticket.ts';
import type { AskInput, AskResult } from '../contracts.ts';
import { changedCase, loadCase, wasAssessed } from '../shared/load-case.ts';
import { remediationTrail, type Trail } from '../shared/trail.ts';
import { ticketDraft } from './ticket-draft.ts';
import { moveAsFarAsPossible } from './ticket-moves.ts';

export interface AskDeps {
  readonly config: Config;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly tickets: TicketPort;
  readonly verifier: Verifier;
  readonly chat: ChatPort;
  readonly clock: () => Date;
}

/** Ticket first, then the message, so that the message can link to it. Both are found again on a retry. */
export async function askForDecision(deps: AskDeps, input: AskInput): Promise<AskResult> {
  const trail = remediationTrail(deps.audit, input.remediationId, deps.clock);
  const document = await loadCase(deps.store, input.caseId);
  // People are shown what was assessed, or nothing.
  if (!wasAssessed(document, deps.verifier)) throw changedCase(input.caseId);
  const approvalId = `apr_${sha256(`${input.runId}/${input.caseId}/${input.round}`).slice(0, 24)}`;
  const warnings: string[] = [];

  const ticket = await openTicket(deps, trail, { input, document, warnings });
  const existing = await deps.store.approvals.get(approvalId);
  const approval = existing ?? approvalRequest(input, document, { approvalId, ticketId: ticket.id, now: deps.clock() });
  if (!existing) await deps.store.approvals.create(approval);
  await trail.record('APPROVAL_REQUESTED', approvalId, {
    approvalId,
    options: approval.options,
    expiresAt: approval.expiresAt,
    riskScore: approval.riskScore,
  });
  if (input.automatedOption !== null)
    await recordPolicyDecision(deps, { approval, automatedOption: input.automatedOption });

  const card = approvalCard(deps.config, document, { approval, ticket, round: input.round, runId: input.runId });
  const message = await deps.chat.postApproval(card, { ownerSubject: document.owner.subject });
  await deps.store.approvals.attach(approvalId, { chat: message });
  if (input.automatedOption !== null)
    await deps.chat.replaceWithDecision(message, {
      headline: `Approved by policy: ${ACTIONS[input.automatedOption].title}`,
      detail: 'Reversible, low risk, not production: the account is in phase automate.',
    });
  await deps.store.remediations.upsert({
    remediationId: input.remediationId,
    stage: input.automatedOption ? 'executing' : 'awaiting-decision',
    approvalId,
    ticket,
    decisionDueAt: input.automatedOption ? null : input.expiresAt,
    updatedAt: deps.clock().toISOString(),
  });
  return { approvalId, ticket, warnings };
}

async function openTicket(
  deps: AskDeps,
  trail: Trail,
  ask: { input: AskInput; document: CaseDocument; warnings: string[] },
): Promise<TicketRef> {
  const { input, document, warnings } = ask;
  const { created, ...ticket } = await deps.tickets.ensure(
    ticketDraft(document, `${input.remediationId}@${input.runId}`),
  );
  await trail.record('TICKET', `${input.runId}/opened`, { ...ticket, created });
  const stuck = await moveAsFarAsPossible(deps.tickets, ticket, ['awaiting-approval']);
  if (stuck !== null) warnings.push(`Ticket ${ticket.number} could not be moved: ${stuck}`);
  return ticket;
}

function approvalRequest(
  input: AskInput,
  document: CaseDocument,
  extra: { approvalId: string; ticketId: string; now: Date },
): ApprovalRequest {
  return {
    approvalId: extra.approvalId,
    remediationId: input.remediationId,
    caseId: input.caseId,
    runId: input.runId,
    round: input.round,
    assetKey: document.record.asset.assetKey,
    accountId: document.record.asset.accountId,
    environment: document.environment,
    ownerSubject: document.owner.subject,
    ownerTeam: document.owner.team,
    options: document.options.map(({ optionId, planDigest, requiredApprovals }) => ({
      optionId,
      planDigest,
      requiredApprovals,
    })),
    riskScore: document.risk?.score ?? 100,
    requesterSubject: document.requester ?? null,
    tagSetters: document.tagSetters ?? null,
    createdAt: extra.now.toISOString(),
    expiresAt: input.expiresAt,
    status: 'open',
    chat: null,
    ticketId: extra.ticketId,
  };
}

/** The trail first, as for people: the executor counts nothing that is not in it. */
async function recordPolicyDecision(
  deps: AskDeps,
  ask: { approval: ApprovalRequest; automatedOption: string },
): Promise<void> {
  const option = ask.approval.options.find((o) => o.optionId === ask.automatedOption);
  if (!option)
    throw new ProviderError({
      kind: 'terminal',
      provider: 'idlewise',
      operation: 'automate',
      message: `no plan for ${ask.automatedOption}`,
    });
  const decision: Decision = {
    decisionId: `policy_${ask.approval.approvalId}`,
    approvalId: ask.approval.approvalId,
    remediationId: ask.approval.remediationId,
    kind: 'approve',
    optionId: option.optionId,
    planDigest: option.planDigest,
    reason: null,
    snoozeUntil: null,
    actor: { subject: 'policy', displayName: 'automation policy', via: 'policy', externalId: 'policy' },
    decidedAt: deps.clock().toISOString(),
  };
  const event = decisionEvent(decision, { actor: { kind: 'policy', id: 'automate' }, about: { via: 'policy' } });
  const standing = await writeToTrail(deps.audit, event, decision);
  await deps.store.approvals.recordDecision(standing);
  await deps.store.approvals.transition(ask.approval.approvalId, 'open', 'decided');
}

function approvalCard(
  config: Config,
  document: CaseDocument,
  ask: { approval: ApprovalRequest; ticket: TicketRef; round: number; runId: string },
): ApprovalCard {
  const { asset, cost } = document.record;
  const risk = document.risk;
  return {
    approvalId: ask.approval.approvalId,
    round: ask.round,
    assetName: asset.name,
    finding: findingWord(document.verdict.ruleId),
    assetKey: asset.assetKey,
    accountName: placesOf(config).find((a) => a.accountId === asset.accountId)?.name ?? asset.accountId,
    region: asset.region,
    environment: document.environment,
    owner: document.owner.subject,
    monthlyCost: cost
      ? `${formatMoney({ amount: cost.monthlyRunRate, currency: cost.BillingCurrency })}/month`
      : 'unknown',
    verdictLine: `rule ${document.verdict.ruleId} says ${findingWord(document.verdict.ruleId)}: confidence ${document.verdict.confidence} %, ${Math.round(document.verdict.coverage.ratio * 100)} % of ${document.verdict.windowDays} days observed`,
    risk: {
      score: risk?.score ?? 100,
      level: risk?.level ?? 'critical',
      reasonCodes: risk?.reasonCodes ?? ['not-assessed'],
      questions: risk?.questions ?? [],
      summary: risk?.summary ?? null,
      assessor: risk?.assessor ?? 'rules',
    },
    options: document.options,
    recommended: document.recommended,
    ticket: ask.ticket,
    runUrl: config.temporal.uiUrl
      ? `${config.temporal.uiUrl}/namespaces/${config.temporal.namespace}/workflows/${encodeURIComponent(document.remediationId)}/${ask.runId}/history`
      : null,
    expiresAt: ask.approval.expiresAt,
  };
}
