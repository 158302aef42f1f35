import { digestOf } from '../schemas/digest.ts';
import type { DirectoryPerson } from '../ports/directory.ts';
import type { Signer } from '../ports/signing.ts';
import { decisionStatement } from '../ports/statements.ts';
import type { PolicyDecision } from '../ports/policy.ts';
import type { AuditEntry } from '../schemas/audit.ts';
import type { ApprovalRequest, Decision } from '../schemas/decision.ts';
import { decisionEvent } from '../ports/decision-trail.ts';
import type { Answer, DecisionRequest } from './types.ts';

/** The same person saying the same thing about the same request is one decision, however often and wherever it is said. */
export function decisionIdOf(subject: string, answer: Answer): string {
  const choice = answer.kind === 'approve' ? answer.optionId : null;
  return `d-${digestOf([answer.approvalId, subject, answer.kind, choice]).slice(0, 40)}`;
}

export function decisionOf(
  request: DecisionRequest & { answer: Answer },
  { approval, person }: { approval: ApprovalRequest; person: DirectoryPerson },
  { now, signer }: { now: number; signer: Signer | null },
): Decision {
  const { answer, channel, externalId, requestHash } = request;
  const option = answer.kind === 'approve' ? approval.options.find((o) => o.optionId === answer.optionId) : undefined;
  const decision: Decision = {
    decisionId: decisionIdOf(person.subject, answer),
    approvalId: approval.approvalId,
    remediationId: approval.remediationId,
    kind: answer.kind,
    optionId: option?.optionId ?? null,
    // The whole digest comes from the store; what the person sent was only compared with it.
    planDigest: option?.planDigest ?? null,
    reason: answer.kind === 'reject' ? answer.reason : null,
    snoozeUntil: answer.kind === 'snooze' ? new Date(answer.until).toISOString() : null,
    actor: { subject: person.subject, displayName: person.displayName, via: channel, externalId },
    decidedAt: new Date(now).toISOString(),
    requestHash,
  };
  return { ...decision, signature: signer?.sign('decision', decisionStatement(decision, approval)) ?? null };
}

/** Who, what, on which plan, with which authority, from which request. */
export function auditOfDecision(
  decision: Decision,
  request: DecisionRequest,
  { person, policy }: { person: DirectoryPerson; policy: PolicyDecision },
): AuditEntry {
  return decisionEvent(decision, {
    actor: { kind: 'human', id: person.subject },
    about: {
      ...request.origin,
      groups: [...person.groups],
      requestHash: request.requestHash,
      policy: { reasons: [...policy.reasons], policySet: policy.policySetDigest, request: policy.requestDigest },
    },
  });
}
