import { policyAsset } from '../domain/policy-asset.ts';
import type { AuditLog } from '../ports/audit.ts';
import type { DirectoryPerson } from '../ports/directory.ts';
import type { PolicyDecision, PolicyPort } from '../ports/policy.ts';
import type { Store } from '../ports/store.ts';
import { digestPrefix } from '../providers/chat/buttons.ts';
import { Environment } from '../schemas/asset.ts';
import type { ApprovalRequest, Decision } from '../schemas/decision.ts';
import { decisionEventId } from '../ports/decision-trail.ts';
import { type RefusalCode, refuse } from './refusals.ts';
import type { Answer, DecisionRequest, Refused } from './types.ts';

export interface AuthoriseDeps {
  readonly store: Pick<Store, 'approvals' | 'assets'>;
  readonly audit: Pick<AuditLog, 'has'>;
  readonly policy: Pick<PolicyPort, 'decideHuman'>;
  readonly now: () => number;
}

export interface Authorised {
  readonly approval: ApprovalRequest;
  readonly person: DirectoryPerson;
  readonly policy: PolicyDecision;
}
/** The person said exactly this before, and the trail has it. */
export interface Repeated {
  readonly approval: ApprovalRequest;
  readonly repeats: Decision;
}

/** May this person say this about this request, now? Asked of every answer, and again when a form comes back. */
export async function authorise(
  deps: AuthoriseDeps,
  request: DecisionRequest,
): Promise<Authorised | Repeated | Refused> {
  const nobody = { approval: null, person: null };
  const { answer, problem } = request;
  if (problem) return { ...problem, ...nobody };
  if (answer === null) return { ...refuse('unknown-approval', 'the answer is not one of ours'), ...nobody };

  const approval = await deps.store.approvals.get(answer.approvalId).catch(() => 'down' as const);
  if (approval === 'down') return { ...refuse('records-unavailable'), ...nobody };
  if (approval === null) return { ...refuse('unknown-approval', answer.approvalId), ...nobody };

  const person = await request.identify();
  if ('refused' in person) return { ...person, approval, person: null };
  // The group is asked for approvals only: who may say no is the policy's business, and a no changes nothing.
  const member = answer.kind === 'approve' ? await request.mayApprove() : true;
  if (member !== true) return { ...member, approval, person };

  let said: Said;
  try {
    said = await whatWasSaid(deps, { approval, person, answer });
  } catch {
    return { ...refuse('records-unavailable'), approval, person };
  }
  if (said.repeats) return { approval, repeats: said.repeats };
  const closed = closedBecause(approval, answer, { now: deps.now(), approved: said.approved });
  if (closed) return { ...refuse(closed), approval, person };
  if (answer.kind === 'approve' && approval.requesterSubject?.toLowerCase() === person.subject)
    return { ...refuse('self-approval'), approval, person };
  return askPolicy(deps, { approval, person, answer });
}

interface Question {
  readonly approval: ApprovalRequest;
  readonly person: DirectoryPerson;
  readonly answer: Answer;
}
interface Said {
  readonly repeats: Decision | null;
  readonly approved: boolean;
}

/** A decision that is stored without being in the trail was never made: saying it again writes it there. */
async function whatWasSaid(deps: AuthoriseDeps, { approval, person, answer }: Question): Promise<Said> {
  const decisions = await deps.store.approvals.decisionsOn(approval.approvalId);
  const same = decisions.find((d) => d.actor.subject === person.subject && saysTheSame(d, answer)) ?? null;
  const stands = same !== null && (await deps.audit.has(decisionEventId(same.decisionId)));
  return { repeats: stands ? same : null, approved: decisions.some((d) => d.kind === 'approve') };
}

function saysTheSame(decision: Decision, answer: Answer): boolean {
  return decision.kind === answer.kind && (answer.kind !== 'approve' || decision.optionId === answer.optionId);
}

function closedBecause(
  approval: ApprovalRequest,
  answer: Answer,
  { now, approved }: { now: number; approved: boolean },
): RefusalCode | null {
  switch (approval.status) {
    case 'expired':
    case 'superseded':
    case 'cancelled':
      return approval.status;
    case 'decided':
      if (answer.kind !== 'withdraw') return 'already-decided';
      break;
    case 'open':
      // What was approved may be called off however long it is held; the rest has to come in time.
      if (answer.kind !== 'withdraw' && now >= Date.parse(approval.expiresAt)) return 'expired';
  }
  if (answer.kind === 'withdraw') return approved ? null : 'not-approved';
  if (answer.kind !== 'approve') return null;
  const option = approval.options.find((o) => o.optionId === answer.optionId);
  const seen = option !== undefined && digestPrefix(option.planDigest) === answer.digest;
  return seen ? null : 'plan-digest-mismatch';
}

/** The same facts whichever way the answer came. Calling off takes the right to say no. */
async function askPolicy(deps: AuthoriseDeps, { approval, person, answer }: Question): Promise<Authorised | Refused> {
  const asset = await deps.store.assets.get(approval.assetKey).catch(() => 'down' as const);
  if (asset === 'down') return { ...refuse('records-unavailable'), approval, person };
  const policy = deps.policy.decideHuman({
    verb: answer.kind === 'withdraw' ? 'reject' : answer.kind,
    subject: person.subject,
    groups: person.groups,
    asset: policyAsset({
      assetKey: approval.assetKey,
      environment: Environment.catch('unknown').parse(approval.environment),
      accountId: approval.accountId,
      owner: approval.ownerSubject,
      tags: asset?.asset.tags ?? {},
      facts: asset?.facts ?? null,
      tagSetters: approval.tagSetters,
    }),
    requester: approval.requesterSubject,
    now: Math.floor(deps.now() / 1000),
    approvalExpiresAt: Math.floor(Date.parse(approval.expiresAt) / 1000),
  });
  if (policy.allow) return { approval, person, policy };
  return { ...refuse(`policy:${policy.reasons[0] ?? 'no-permit'}`, policy.reasons.join(' ')), approval, person };
}
