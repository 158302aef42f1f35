import { SNOOZES } from '../providers/chat/buttons.ts';
import { digestOf } from '../providers/digest.ts';
import type { DirectoryPerson } from '../ports/directory.ts';
import type { AuditEntry } from '../schemas/audit.ts';
import type { ApprovalRequest, Decision } from '../schemas/decision.ts';
import type { Authorised } from './authorise.ts';
import type { ChannelName } from '../clients/chat/channel.ts';
import type { Interaction } from '../clients/chat/interaction.ts';

type Value = NonNullable<Interaction['value']>;

/** The same person saying the same thing about the same request is one decision, however often the button is pressed. */
export function decisionIdOf(approvalId: string, subject: string, value: Value): string {
  const choice = value.kind === 'approve' ? value.optionId : null;
  return `d-${digestOf([approvalId, subject, value.kind, choice]).slice(0, 40)}`;
}

export function decisionOf(
  interaction: Interaction & { value: Value },
  who: { approval: ApprovalRequest; person: DirectoryPerson },
  when: { channel: ChannelName; now: number },
): Decision {
  const { value } = interaction;
  const { approval, person } = who;
  const { channel, now } = when;
  const option = value.kind === 'approve' ? approval.options.find((o) => o.optionId === value.optionId) : undefined;
  return {
    decisionId: decisionIdOf(approval.approvalId, person.subject, value),
    approvalId: approval.approvalId,
    remediationId: approval.remediationId,
    kind: value.kind,
    optionId: option?.optionId ?? null,
    // The whole digest comes from the store; the button's copy was only compared with it.
    planDigest: option?.planDigest ?? null,
    reason: interaction.reason,
    snoozeUntil: value.kind === 'snooze' ? new Date(now + SNOOZES[value.code].ms).toISOString() : null,
    actor: { subject: person.subject, displayName: person.displayName, via: channel, externalId: interaction.userId },
    decidedAt: new Date(now).toISOString(),
  };
}

const TYPES = { approve: 'APPROVAL_GIVEN', reject: 'APPROVAL_REJECTED', snooze: 'APPROVAL_SNOOZED' } as const;

/** Who, what, on which plan, with which authority, from which request. */
export function auditOfDecision(
  decision: Decision,
  interaction: Interaction,
  { person, policy }: Authorised,
): AuditEntry {
  return {
    stream: `remediation/${decision.remediationId}`,
    eventId: `decision/${decision.decisionId}`,
    type: TYPES[decision.kind],
    at: decision.decidedAt,
    actor: { kind: 'human', id: person.subject },
    subject: decision.approvalId,
    payload: {
      ...decision,
      ...interaction.origin,
      groups: [...person.groups],
      message: interaction.at ? { ...interaction.at } : null,
      requestHash: interaction.requestHash,
      policy: { reasons: [...policy.reasons], policySet: policy.policySetDigest, request: policy.requestDigest },
    },
  };
}
