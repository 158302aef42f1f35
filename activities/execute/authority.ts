import type { MutationRequest, PolicyPort } from '../../ports/policy.ts';
import type { Verifier } from '../../ports/signing.ts';
import { isSigned } from '../../ports/statements.ts';
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
  /** The policy is asked to decide, without a person. */
  readonly automated: boolean;
  readonly decisionId: string | null;
  readonly decidedAtMs: number | null;
  /** Why approvals that were given do not count, e.g. `not-an-approver:dev@acme.example`. */
  readonly discarded: readonly string[];
  /** Those of them that nobody can have come by honestly: somebody writes approvals into the records. */
  readonly forged: readonly string[];
}

export interface AuthorityQuestion {
  readonly plan: Plan;
  readonly planDigest: string;
  readonly approval: ApprovalRequest;
  /** As the records have them. */
  readonly decisions: readonly Decision[];
  /** As the trail has them. */
  readonly inTrail: readonly Decision[];
  readonly asset: MutationRequest['asset'];
}

export interface AuthorityDeps {
  readonly policy: Pick<PolicyPort, 'decideHuman'>;
  readonly directory: DirectoryLookup;
  readonly verifier: Verifier;
}

/**
 * Who still stands behind the plan. A decision counts when the trail has it, the process that authenticated the person, or the
 * person, signed it over exactly this request, and the person may still approve: groups change while people wait.
 */
export function establishAuthority(question: AuthorityQuestion, deps: AuthorityDeps): Authority {
  const { plan, planDigest, approval, decisions, inTrail, asset } = question;
  const offered = approval.options.some((o) => o.planDigest === planDigest && o.optionId === plan.action);
  // A no counts wherever it is written, and whoever wrote it.
  const saidNo = [...decisions, ...inTrail].some((d) => d.kind === 'reject' || d.kind === 'withdraw');
  if (!offered || approval.assetKey !== plan.assetKey || saidNo) return NOBODY;

  const approvers = new Set<string>();
  const discarded: string[] = [];
  const forged: string[] = [];
  let last: Decision | null = null;
  let automated = false;
  const written = new Set(inTrail.map((d) => d.decisionId));
  for (const decision of [...inTrail, ...decisions.filter((d) => !written.has(d.decisionId))]) {
    if (decision.kind !== 'approve' || decision.optionId !== plan.action || decision.planDigest !== planDigest)
      continue;
    const { subject, via } = decision.actor;
    // Nobody's word: it only asks the policy, which then decides without any approval.
    if (via === 'policy' && written.has(decision.decisionId)) {
      automated = true;
      last ??= decision;
      continue;
    }
    const fault = written.has(decision.decisionId) ? forgery(decision, approval, deps.verifier) : 'not-in-trail';
    if (fault !== null) {
      forged.push(`${fault}:${subject}`);
      continue;
    }
    if (Date.parse(decision.decidedAt) >= Date.parse(approval.expiresAt)) {
      discarded.push(`late:${subject}`);
      continue;
    }
    const groups = deps.directory.groupsOf(subject);
    if (groups === null) {
      discarded.push(`unknown-person:${subject}`);
      continue;
    }
    const verdict = deps.policy.decideHuman({
      verb: 'approve',
      subject,
      groups,
      asset,
      requester: approval.requesterSubject,
      now: Math.floor(Date.parse(decision.decidedAt) / 1000),
      approvalExpiresAt: Math.floor(Date.parse(approval.expiresAt) / 1000),
    });
    if (!verdict.allow) {
      discarded.push(`not-an-approver:${subject}`);
      continue;
    }
    approvers.add(subject);
    if (last === null || last.actor.via === 'policy' || last.decidedAt < decision.decidedAt) last = decision;
  }
  return {
    approvers: [...approvers].sort(),
    automated,
    discarded: [...forged, ...discarded],
    forged,
    decisionId: last?.decisionId ?? null,
    decidedAtMs: last ? Date.parse(last.decidedAt) : null,
  };
}

/** What shows that this was never decided; null for a decision that was signed and written down. */
function forgery(decision: Decision, approval: ApprovalRequest, verifier: Verifier): string | null {
  if (isSigned(decision, approval, verifier)) return null;
  return decision.signature ? 'signature-of-something-else' : 'unsigned';
}

const NOBODY: Authority = {
  approvers: [],
  automated: false,
  decisionId: null,
  decidedAtMs: null,
  discarded: ['plan-not-offered-or-rejected'],
  forged: [],
};
