import type { DecisionService } from '../../decisions/service.ts';
import { explain, passes, refuse } from '../../decisions/refusals.ts';
import type { Answer, DecisionRequest, DecisionResult, Log } from '../../decisions/types.ts';
import { actionWords, alreadySaid, countApprovals, pending, receipt, threadLine } from '../../decisions/words.ts';
import type { Store } from '../../ports/store.ts';
import { SNOOZES } from '../../providers/chat/buttons.ts';
import type { Channel } from './channel.ts';
import type { Interaction } from './interaction.ts';

export interface HandleDeps<I extends Interaction> {
  readonly channel: Channel<I>;
  readonly decisions: Pick<DecisionService, 'decide' | 'refuse'>;
  readonly store: Pick<Store, 'approvals'>;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * One interaction as a request to decide, and its result as one note to the person. Decides nothing itself. False when it could
 * not be handled for a reason that passes: a copy of it may be.
 */
export async function handleInteraction<I extends Interaction>(deps: HandleDeps<I>, interaction: I): Promise<boolean> {
  const { channel, decisions } = deps;
  const request = requestOf(deps, interaction);
  const result = await decisions.decide(request);
  switch (result.kind) {
    case 'recorded':
      await report(deps, interaction, result);
      return true;
    case 'repeated':
      await channel.tell(interaction, alreadySaid(result.decision));
      return true;
    case 'pending':
      await channel.tell(interaction, pending(result.decision));
      return true;
    case 'invalid':
      await channel.tell(interaction, result.problem);
      return true;
    case 'refused':
      await channel.tell(interaction, explain(result.refused));
      return !passes(result.refused);
    case 'reason-missing': {
      const failed = await channel.askReason(interaction);
      if (failed === null) return true;
      const { approval, person } = result;
      const code = `${channel.name}-unavailable` as const;
      const { refused } = await decisions.refuse(request, { ...refuse(code, failed), approval, person });
      await channel.tell(interaction, explain(refused));
      return false;
    }
  }
}

function requestOf<I extends Interaction>(deps: HandleDeps<I>, interaction: I): DecisionRequest {
  const { channel } = deps;
  const { origin, at, userId, requestHash } = interaction;
  return {
    channel: channel.name,
    answer: answerOf(interaction, deps.now()),
    externalId: userId,
    requestHash,
    origin: { ...origin, message: at ? { ...at } : null },
    problem: interaction.delivery === null ? refuse('records-unavailable') : channel.foreign(interaction),
    identify: () => channel.identify(interaction),
    mayApprove: () => channel.mayApprove(interaction),
  };
}

function answerOf({ value, reason }: Interaction, now: number): Answer | null {
  switch (value?.kind) {
    case undefined:
      return null;
    case 'approve':
      return value;
    case 'reject':
      return { ...value, reason };
    case 'snooze':
      return { ...value, until: new Date(now + SNOOZES[value.code].ms).toISOString() };
  }
}

async function report<I extends Interaction>(
  deps: HandleDeps<I>,
  interaction: I,
  result: DecisionResult & { kind: 'recorded' },
): Promise<void> {
  const { decision, approval, delivered } = result;
  const count = countApprovals(decision, result);
  await deps.channel.tell(interaction, receipt(decision, count, delivered));
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
