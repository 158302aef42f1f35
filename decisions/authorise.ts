import { policyTags } from '../domain/policy-tags.ts';
import { digestPrefix } from '../providers/chat/buttons.ts';
import type { DirectoryPerson } from '../ports/directory.ts';
import type { PolicyDecision } from '../ports/policy.ts';
import { Environment } from '../schemas/asset.ts';
import type { ApprovalRequest, Decision } from '../schemas/decision.ts';
import type { Channel } from '../clients/chat/channel.ts';
import type { ChatAppDeps } from '../clients/chat/deps.ts';
import type { Interaction } from '../clients/chat/interaction.ts';
import { type Refusal, type RefusalCode, refuse } from './refusals.ts';

export interface Authorised {
  readonly approval: ApprovalRequest;
  readonly person: DirectoryPerson;
  readonly policy: PolicyDecision;
}
/** The person said exactly this before: nothing to record, nothing to refuse. */
export interface Repeated {
  readonly approval: ApprovalRequest;
  readonly person: DirectoryPerson;
  readonly repeats: Decision;
}
export type Refused = Refusal & { readonly approval: ApprovalRequest | null; readonly person: DirectoryPerson | null };

type Deps<I extends Interaction> = Pick<ChatAppDeps, 'store' | 'policy'> & { channel: Channel<I>; now: () => number };

/** May this person say this about this request, now? Asked when the button is pressed and again when a form comes back. */
export async function authorise<I extends Interaction>(
  deps: Deps<I>,
  interaction: I,
): Promise<Authorised | Repeated | Refused> {
  const nobody = { approval: null, person: null };
  if (interaction.recordsDown) return { ...refuse('records-unavailable'), ...nobody };
  const foreign = deps.channel.foreign(interaction);
  if (foreign) return { ...foreign, ...nobody };
  const { value } = interaction;
  if (value === null) return { ...refuse('unknown-approval', 'the button is not one of ours'), ...nobody };

  const approval = await deps.store.approvals.get(value.approvalId).catch(() => 'down' as const);
  if (approval === 'down') return { ...refuse('records-unavailable'), ...nobody };
  if (approval === null) return { ...refuse('unknown-approval', value.approvalId), ...nobody };

  const person = await deps.channel.identify(interaction);
  if ('refused' in person) return { ...person, approval, person: null };
  // The group is asked for approvals only: who may say no is the policy's business, and a no changes nothing.
  const member = value.kind === 'approve' ? await deps.channel.mayApprove(interaction) : true;
  if (member !== true) return { ...member, approval, person };

  const decisions = await deps.store.approvals.decisionsOn(approval.approvalId).catch(() => null);
  if (decisions === null) return { ...refuse('records-unavailable'), approval, person };
  const repeats = decisions.find((d) => d.actor.subject === person.subject && saysTheSame(d, value));
  if (repeats) return { approval, person, repeats };

  const closed = closedBecause(approval, deps.now()) ?? planProblem(approval, value);
  if (closed) return { ...refuse(closed), approval, person };
  if (value.kind === 'approve' && approval.requesterSubject?.toLowerCase() === person.subject)
    return { ...refuse('self-approval'), approval, person };

  return askPolicy(deps, { approval, person, verb: value.kind });
}

function saysTheSame(decision: Decision, value: NonNullable<Interaction['value']>): boolean {
  return decision.kind === value.kind && (value.kind !== 'approve' || decision.optionId === value.optionId);
}

function closedBecause(approval: ApprovalRequest, now: number): RefusalCode | null {
  switch (approval.status) {
    case 'decided':
      return 'already-decided';
    case 'expired':
      return 'expired';
    case 'superseded':
      return 'superseded';
    case 'cancelled':
      return 'cancelled';
    case 'open':
      return now >= Date.parse(approval.expiresAt) ? 'expired' : null;
  }
}

function planProblem(approval: ApprovalRequest, value: NonNullable<Interaction['value']>): RefusalCode | null {
  if (value.kind !== 'approve') return null;
  const option = approval.options.find((o) => o.optionId === value.optionId);
  return option && digestPrefix(option.planDigest) === value.digest ? null : 'plan-digest-mismatch';
}

async function askPolicy(
  deps: Pick<Deps<Interaction>, 'store' | 'policy' | 'now'>,
  ask: { approval: ApprovalRequest; person: DirectoryPerson; verb: 'approve' | 'reject' | 'snooze' },
): Promise<Authorised | Refused> {
  const { approval, person, verb } = ask;
  try {
    const asset = await deps.store.assets.get(approval.assetKey);
    const facts = asset?.facts ?? null;
    const policy = deps.policy.decideHuman({
      verb,
      subject: person.subject,
      groups: person.groups,
      asset: {
        assetKey: approval.assetKey,
        environment: Environment.catch('unknown').parse(approval.environment),
        accountId: approval.accountId,
        owner: approval.ownerSubject,
        tags: policyTags(asset?.asset.tags ?? {}),
        managedBy: (facts && 'managedBy' in facts ? facts.managedBy : null) ?? 'none',
        autoScaled: Boolean(facts && 'autoScalingGroup' in facts && facts.autoScalingGroup),
        tagSetter: approval.requesterSubject,
      },
      requester: approval.requesterSubject,
      now: Math.floor(deps.now() / 1000),
      approvalExpiresAt: Math.floor(Date.parse(approval.expiresAt) / 1000),
    });
    if (policy.allow) return { approval, person, policy };
    return { ...refuse(`policy:${policy.reasons[0] ?? 'no-permit'}`, policy.reasons.join(' ')), approval, person };
  } catch (error) {
    return { ...refuse('records-unavailable', (error as Error).message), approval, person };
  }
}
