import type { MutationRequest, PolicyPort } from '../../ports/policy.ts';
import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import type { Plan } from '../../schemas/option.ts';

/** People as the directory knows them right now. */
export interface DirectoryLookup {
  /** Groups of a person; null when the directory no longer knows them. */
  groupsOf(subject: string): readonly string[] | null;
}

export interface Authority {
  /** Distinct people whose approval of exactly this plan stands, re-checked now. */
  readonly approvers: readonly string[];
  /** The policy, not a person, approved it. */
  readonly automated: boolean;
  readonly decisionId: string | null;
  readonly decidedAtMs: number | null;
  /** Why approvals that were given do not count, e.g. `not-an-approver:dev@acme.example`. */
  readonly discarded: readonly string[];
}

export interface AuthorityQuestion {
  readonly plan: Plan;
  readonly planDigest: string;
  readonly approval: ApprovalRequest;
  readonly decisions: readonly Decision[];
  /** Ids of the decisions that the trail has: an approval it does not have was never given. */
  readonly inTrail: ReadonlySet<string>;
  readonly asset: MutationRequest['asset'];
}

/**
 * Who still stands behind the plan. Nothing a workflow says is taken on trust: decisions come from the store, and each
 * person's right to approve is asked again, because groups change while people wait.
 */
export function establishAuthority(
  question: AuthorityQuestion,
  deps: { policy: PolicyPort; directory: DirectoryLookup },
): Authority {
  const { plan, planDigest, approval, decisions, inTrail, asset } = question;
  const offered = approval.options.some((o) => o.planDigest === planDigest && o.optionId === plan.action);
  // A no counts wherever it is written.
  if (!offered || decisions.some((d) => d.kind === 'reject' || d.kind === 'withdraw')) return NOBODY;

  const approvers = new Set<string>();
  const discarded: string[] = [];
  let last: Decision | null = null;
  let automated = false;
  for (const decision of decisions) {
    if (decision.kind !== 'approve' || decision.optionId !== plan.action || decision.planDigest !== planDigest)
      continue;
    if (!inTrail.has(decision.decisionId)) {
      discarded.push(`not-in-trail:${decision.actor.subject}`);
      continue;
    }
    if (Date.parse(decision.decidedAt) >= Date.parse(approval.expiresAt)) {
      discarded.push(`late:${decision.actor.subject}`);
      continue;
    }
    if (decision.actor.via === 'policy') {
      automated = true;
      last = decision;
      continue;
    }
    const groups = deps.directory.groupsOf(decision.actor.subject);
    if (groups === null) {
      discarded.push(`unknown-person:${decision.actor.subject}`);
      continue;
    }
    const verdict = deps.policy.decideHuman({
      verb: 'approve',
      subject: decision.actor.subject,
      groups,
      asset,
      requester: approval.requesterSubject,
      now: Math.floor(Date.parse(decision.decidedAt) / 1000),
      approvalExpiresAt: Math.floor(Date.parse(approval.expiresAt) / 1000),
    });
    if (!verdict.allow) {
      discarded.push(`not-an-approver:${decision.actor.subject}`);
      continue;
    }
    approvers.add(decision.actor.subject);
    last = decision;
  }
  return {
    approvers: [...approvers].sort(),
    automated,
    discarded,
    decisionId: last?.decisionId ?? null,
    decidedAtMs: last ? Date.parse(last.decidedAt) : null,
  };
}

const NOBODY: Authority = {
  approvers: [],
  automated: false,
  decisionId: null,
  decidedAtMs: null,
  discarded: ['plan-not-offered-or-rejected'],
};
