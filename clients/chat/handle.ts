import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import { type Authorised, authorise, type Refused } from '../../decisions/authorise.ts';
import type { Channel } from './channel.ts';
import { auditOfDecision, decisionOf } from '../../decisions/decision.ts';
import type { ChatAppDeps, Delivered, Log } from './deps.ts';
import type { Outbox } from '../../decisions/redelivery.ts';
import type { Interaction } from './interaction.ts';
import { explain, type RefusalCode } from '../../decisions/refusals.ts';
import type { SecurityLog } from '../../decisions/security-log.ts';
import { actionWords, alreadySaid, countApprovals, receipt, threadLine } from '../../decisions/words.ts';

export interface HandleDeps<I extends Interaction> extends Pick<ChatAppDeps, 'store' | 'audit' | 'policy'> {
  readonly channel: Channel<I>;
  readonly outbox: Outbox;
  readonly security: SecurityLog;
  readonly now: () => number;
  readonly log: Log;
}

/** One interaction from authority to receipt. Ends in exactly one note to the person. */
export async function handleInteraction<I extends Interaction>(deps: HandleDeps<I>, interaction: I): Promise<void> {
  const verdict = await authorise(deps, interaction);
  if ('refused' in verdict) return refuseInteraction(deps, interaction, verdict);
  if ('repeats' in verdict) {
    // Telling the workflow again costs nothing and closes the gap of a crash between recording and telling.
    if (verdict.approval.status === 'open') await deps.outbox.deliver(verdict.repeats);
    return deps.channel.tell(interaction, alreadySaid(verdict.repeats));
  }
  if (interaction.value?.kind === 'reject' && interaction.reason === null) {
    const failed = await deps.channel.askReason(interaction);
    const refused = `${deps.channel.name}-unavailable` as const;
    if (failed) await refuseInteraction(deps, interaction, { refused, detail: failed, ...verdict });
    return;
  }
  await settle(deps, interaction, verdict);
}

async function settle<I extends Interaction>(deps: HandleDeps<I>, interaction: I, verdict: Authorised): Promise<void> {
  if (interaction.value === null) return;
  const refused = (code: RefusalCode, detail: string) =>
    refuseInteraction(deps, interaction, { refused: code, detail, ...verdict });
  const decision = decisionOf({ ...interaction, value: interaction.value }, verdict, {
    channel: deps.channel.name,
    now: deps.now(),
  });

  // The trail first: a decision that could not be written there must not exist anywhere else.
  const entry = auditOfDecision(decision, interaction, verdict);
  try {
    await deps.audit.append(entry);
  } catch (error) {
    const there = await deps.audit.has(entry.eventId).catch(() => false);
    if (!there) return refused('audit-unavailable', (error as Error).message);
  }
  let recorded: 'recorded' | 'duplicate';
  let decisions: readonly Decision[];
  try {
    recorded = await deps.store.approvals.recordDecision(decision);
    decisions = await deps.store.approvals.decisionsOn(decision.approvalId);
  } catch (error) {
    return refused('records-unavailable', (error as Error).message);
  }
  const stored = decisions.find((d) => d.decisionId === decision.decisionId) ?? decision;
  const delivered = await deps.outbox.deliver(stored);
  if (recorded === 'duplicate') return deps.channel.tell(interaction, alreadySaid(stored));
  const refusal = delivered?.answer?.accepted === false ? (delivered.answer.refusal ?? 'refused') : null;
  if (refusal) return refused(`workflow:${refusal}`, 'recorded, but the workflow did not count it');
  await report(deps, interaction, { decision: stored, decisions, delivered, approval: verdict.approval });
}

async function report<I extends Interaction>(
  deps: HandleDeps<I>,
  interaction: I,
  what: { decision: Decision; decisions: readonly Decision[]; delivered: Delivered | null; approval: ApprovalRequest },
): Promise<void> {
  const { decision, approval } = what;
  const count = countApprovals(decision, what);
  await deps.channel.tell(interaction, receipt(decision, count, what.delivered));
  const ref = approval.chat ?? interaction.at;
  if (!ref) return;
  try {
    await deps.channel.postToThread(ref, {
      marker: `decision:${decision.decisionId}`,
      text: threadLine(decision, count),
    });
    if (decision.kind === 'approve' && count.counted < count.required)
      await deps.channel.showProgress(ref, {
        text: `${count.counted} of ${count.required} approvals by ${count.by.join(', ')}, for ${actionWords(decision)}`,
        status: async () => (await deps.store.approvals.get(approval.approvalId))?.status ?? null,
      });
  } catch (error) {
    deps.log.warn({ decisionId: decision.decisionId, error: (error as Error).message }, 'message not updated');
  }
}

/** Says no, in the trail and to the person. Known requests are refused in their own stream, the rest in `auth`. */
async function refuseInteraction<I extends Interaction>(
  deps: HandleDeps<I>,
  interaction: I,
  no: Refused,
): Promise<void> {
  const { approval, person } = no;
  const { name } = deps.channel;
  const payload = {
    reason: no.refused,
    detail: no.detail ?? null,
    [`${name}UserId`]: interaction.userId,
    pressed: interaction.value ? { ...interaction.value } : null,
  };
  if (approval === null) await deps.security({ reason: no.refused, requestHash: interaction.requestHash, payload });
  else
    try {
      await deps.audit.append({
        stream: `remediation/${approval.remediationId}`,
        eventId: `${name}-refused/${interaction.requestHash}`,
        type: 'APPROVAL_REFUSED',
        at: new Date(deps.now()).toISOString(),
        actor: { kind: 'human', id: person?.subject ?? `${name}:${interaction.userId}` },
        subject: approval.approvalId,
        payload: { ...payload, requestHash: interaction.requestHash, groups: [...(person?.groups ?? [])] },
      });
    } catch (error) {
      deps.log.error({ reason: no.refused, error: (error as Error).message }, 'refusal not written to the trail');
    }
  await deps.channel.tell(interaction, explain(no.refused));
}
