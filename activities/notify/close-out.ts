import { formatMoney } from '../../domain/money.ts';
import { readableInstant, reasonWords } from '../../domain/words.ts';
import type { CnappPort } from '../../ports/cnapp.ts';
import { isProviderError } from '../../ports/errors.ts';
import type { MemoryKeeper } from '../../ports/memory.ts';
import type { RoutingPort } from '../../ports/routing.ts';
import { ACTIONS } from '../../schemas/actions.ts';
import type { Outcome } from '../../schemas/outcome.ts';
import type { LedgerEntry } from '../../schemas/records.ts';
import type { CloseInput, SavingResult } from '../contracts.ts';
import { remediationTrail } from '../shared/trail.ts';
import type { AskDeps } from './ask-for-decision.ts';
import { asProved, type Decided, NOBODY, whoDecided } from './proved.ts';
import { recommend } from './recommend.ts';
import { rememberEnd, rememberSaving } from './remember.ts';
import { moveAsFarAsPossible } from './ticket-moves.ts';

export interface CloseDeps extends AskDeps {
  readonly cnapp: Pick<CnappPort, 'addIssueNote'>;
  /** Takes recommendations; null or left out: nobody does. */
  readonly routing?: RoutingPort | null;
  /** Left out: nothing is remembered. */
  readonly memory?: MemoryKeeper;
}

const DAY = 86_400_000;

/** Tells everybody how it ended: the read model and the ledger, the ticket, the message and its thread, the CNAPP's issues. */
export async function closeOut(deps: CloseDeps, said: CloseInput): Promise<void> {
  const input = await asProved(deps, said);
  const now = deps.clock();
  const trail = remediationTrail(deps.audit, input.remediationId, deps.clock);
  const approval = input.approvalId ? await deps.store.approvals.get(input.approvalId) : null;
  const runKey = input.runId;
  const decided = approval ? await whoDecided(deps, approval) : NOBODY;
  const text = sentence(input, decided);

  await trail.record('OUTCOME', `${runKey}/outcome`, {
    outcome: input.outcome,
    action: input.action,
    decidedBy: decided.by,
    reasons: input.reasons,
  });
  if (input.outcome === 'expired')
    await trail.record('APPROVAL_EXPIRED', `${input.approvalId}`, { approvalId: input.approvalId });
  if (input.outcome === 'cancelled')
    await trail.record('APPROVAL_CANCELLED', `${input.approvalId ?? runKey}`, { reasons: input.reasons });
  await deps.store.ledger.put(ledgerEntry(input, now));
  await rememberEnd(deps, trail, input);

  if (approval) {
    if (input.outcome === 'expired') await deps.store.approvals.transition(approval.approvalId, 'open', 'expired');
    else if (input.outcome === 'cancelled')
      await deps.store.approvals.transition(approval.approvalId, 'open', 'cancelled');
    else await deps.store.approvals.transition(approval.approvalId, 'open', 'decided');
    if (approval.ticketId) await endTicket(deps, approval.ticketId, { input, text });
    if (approval.chat) {
      await deps.chat.replaceWithDecision(approval.chat, { headline: HEADLINE[input.outcome], detail: text });
      await deps.chat.postToThread(approval.chat, { marker: `outcome:${approval.approvalId}`, text });
    }
  }
  if (input.outcome === 'observed' && deps.routing) await recommend(deps, deps.routing, input);
  for (const issueId of input.openIssueIds)
    await deps.cnapp.addIssueNote({ issueId, marker: `idlewise:${input.approvalId ?? runKey}`, text });
  await deps.store.remediations.upsert({
    remediationId: input.remediationId,
    stage: 'closed',
    outcome: input.outcome,
    reasons: [...input.reasons],
    action: input.action,
    decisionDueAt: null,
    updatedAt: now.toISOString(),
  });
}

/** A ticket that somebody deleted has nothing to be told; everybody else still has. */
async function endTicket(deps: CloseDeps, id: string, end: { input: CloseInput; text: string }): Promise<void> {
  const { approvalId, outcome } = end.input;
  const result = TICKET_RESULT[outcome];
  try {
    await deps.tickets.addNote({ id }, { marker: `idlewise:${approvalId}:outcome`, text: end.text });
    const status = await deps.tickets.status({ id });
    if (status.stage === 'closed' || status.stage === 'cancelled') return;
    if (result !== 'cancelled')
      await moveAsFarAsPossible(deps.tickets, { id }, ['scheduled', 'implementing', 'reviewing']);
    await deps.tickets.close({ id }, { result, notes: end.text });
  } catch (error) {
    if (!isProviderError(error, 'not-found')) throw error;
  }
}

/** The last word, from the bill. */
export async function reportSaving(
  deps: CloseDeps,
  input: { remediationId: string; approvalId: string | null; caseId: string; saving: SavingResult },
): Promise<void> {
  const { saving } = input;
  const text =
    SAVING_TEXT[saving.result] +
    (saving.realisedMonthly ? ` Realised: ${formatMoney(saving.realisedMonthly)} a month.` : '');
  const trail = remediationTrail(deps.audit, input.remediationId, deps.clock);
  await trail.record('FEEDBACK', `${input.caseId}/saving`, { ...saving });
  await rememberSaving(deps, trail, input);
  const approval = input.approvalId ? await deps.store.approvals.get(input.approvalId) : null;
  if (approval?.ticketId)
    await deps.tickets.addNote({ id: approval.ticketId }, { marker: `idlewise:${approval.approvalId}:saving`, text });
  if (approval?.chat) await deps.chat.postToThread(approval.chat, { marker: `saving:${approval.approvalId}`, text });
}

const SAVING_TEXT: Record<SavingResult['result'], string> = {
  verified: 'The bill confirms the saving.',
  contradicted: 'The bill does not show the expected saving; please look at what still costs money.',
  'not-billed-yet': 'The bill had not caught up when we stopped looking; the saving is not proved.',
  'not-applicable': 'No saving was expected on the bill.',
};

const HEADLINE: Record<Outcome, string> = {
  remediated: 'Done and verified',
  unverified: 'Done, but not verified',
  rejected: 'Rejected: nothing was changed',
  expired: 'Expired: silence means no, nothing was changed',
  cancelled: 'Cancelled: nothing was changed',
  observed: 'Observed only',
  'blocked-by-policy': 'Blocked by policy: nothing was changed',
  'blocked-by-preflight': 'Blocked by a pre-flight check: nothing was changed',
  'blocked-by-drift': 'The asset changed since: nothing was changed',
  'active-again': 'In use again: nothing was changed',
  'already-gone': 'Already gone or already in that state',
  'rolled-back': 'Rolled back: the asset is as it was',
  'needs-human': 'Needs a person to look',
};

const TICKET_RESULT: Record<Outcome, 'successful' | 'successful-with-issues' | 'unsuccessful' | 'cancelled'> = {
  remediated: 'successful',
  unverified: 'successful-with-issues',
  'rolled-back': 'unsuccessful',
  'needs-human': 'unsuccessful',
  rejected: 'cancelled',
  expired: 'cancelled',
  cancelled: 'cancelled',
  observed: 'cancelled',
  'blocked-by-policy': 'cancelled',
  'blocked-by-preflight': 'cancelled',
  'blocked-by-drift': 'cancelled',
  'active-again': 'cancelled',
  'already-gone': 'cancelled',
};

/** What came of it, who decided it, when and why, for people. */
function sentence(input: CloseInput, { by: names, at }: Decided): string {
  const headline = HEADLINE[input.outcome];
  const what = input.action
    ? `${ACTIONS[input.action].title} – ${headline.charAt(0).toLowerCase()}${headline.slice(1)}`
    : headline;
  const by = names.map((name) => (name === 'policy' ? 'the automation policy' : name)).join(' and ');
  const who = by === '' ? '' : ` Decided by ${by}${at === null ? '' : ` at ${readableInstant(at)}`}.`;
  // The headline of an expired request is its reason.
  const reasons = input.outcome === 'expired' ? '' : input.reasons.map(reasonWords).join('; ').replace(/\.$/, '');
  return `${what}.${who}${reasons === '' ? '' : ` Reason: ${reasons}.`}`;
}

/** How long the sweep leaves an asset alone after each end. */
const QUIET_DAYS: Record<Outcome, number> = {
  remediated: 30,
  unverified: 7,
  rejected: 90,
  expired: 14,
  cancelled: 30,
  // Half a day, so that the daily sweep looks again whatever its jitter.
  observed: 0.5,
  'blocked-by-policy': 7,
  'blocked-by-preflight': 7,
  'blocked-by-drift': 1,
  'active-again': 14,
  'already-gone': 30,
  'rolled-back': 30,
  'needs-human': 30,
};

function ledgerEntry(input: CloseInput, now: Date): LedgerEntry {
  const kind = input.outcome === 'remediated' ? 'remediated' : input.outcome === 'rejected' ? 'rejected' : 'failed';
  return {
    assetKey: input.asset.assetKey,
    ruleId: input.ruleId,
    kind,
    until: new Date(now.getTime() + QUIET_DAYS[input.outcome] * DAY).toISOString(),
    remediationId: input.remediationId,
    reason: input.reasons[0] ?? input.outcome,
    at: now.toISOString(),
  };
}
