import type { MutationRequest, PolicyPort } from '../../ports/policy.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { Refusal } from '../../ports/refusals.ts';
import type { PeoplePort } from '../../ports/people.ts';
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
  /** Why who decided may not any more, by decision; see `askAgain`. A decision that is not in it was not asked about. */
  readonly standing: ReadonlyMap<string, true | string>;
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
    const standing = question.standing.get(decision.decisionId) ?? 'not-asked';
    if (standing !== true) {
      discarded.push(`${standing}:${subject}`);
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

/**
 * Asks the system in which each approver decided whether that account still is theirs and may still approve: between a press
 * and a change people leave, and are put out of groups. Whom nobody can ask about does not count.
 * @throws ProviderError `unavailable` while that system does not answer: nothing is changed, and it is asked again
 */
export async function askAgain(
  decisions: readonly Decision[],
  people: Partial<Record<string, PeoplePort>>,
): Promise<ReadonlyMap<string, true | string>> {
  const asked = decisions.filter((d) => d.kind === 'approve' && d.actor.via !== 'policy');
  const answers = asked.map(async ({ decisionId, actor }): Promise<readonly [string, true | string]> => {
    // On the command line people sign themselves; the directory has the last word on their groups.
    if (actor.via === 'cli') return [decisionId, true];
    const port = people[actor.via];
    if (!port) return [decisionId, 'nobody-to-ask'];
    const person = await port.identify(actor.externalId);
    if ('refused' in person) return [decisionId, asVerdict(person)];
    if (person.subject !== actor.subject) return [decisionId, 'account-of-somebody-else'];
    const may = await port.mayApprove(actor.externalId);
    return [decisionId, may === true ? true : asVerdict(may)];
  });
  return new Map(await Promise.all(answers));
}

function asVerdict({ refused, detail }: Refusal): string {
  if (!refused.endsWith('-unavailable')) return refused;
  throw new ProviderError({
    kind: 'unavailable',
    provider: refused.replace('-unavailable', ''),
    operation: 'people',
    message: `nobody can be asked whether who approved still may (${detail ?? refused}); nothing is changed until they can`,
  });
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
