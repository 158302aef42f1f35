import { driftBetween, planRelevantFacts, withExpectedState } from '../../domain/state-facts.ts';
import { cmdbRecordIn } from '../../ports/cmdb.ts';
import { digestOf } from '../../schemas/digest.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { StepOutcome } from '../../schemas/outcome.ts';
import type { ExecuteInput } from '../contracts.ts';
import type { SettingsInForce } from '../shared/settings-in-force.ts';
import type { Trail } from '../shared/trail.ts';
import { expectedState } from '../verify/expected-state.ts';
import { askAgain, establishAuthority } from './authority.ts';
import type { Dossier } from './dossier.ts';
import { begunNote, type Gate, gateOf } from './effect-log.ts';
import { judgeNow } from './judge-now.ts';
import type { OwnNotes } from './own-notes.ts';
import { signsOfLife } from './freshness.ts';
import { untilOpen } from './change-times.ts';
import { assetNow, reserveBudget } from './gates.ts';
import { secondOpinion } from './second-opinion.ts';
import { mutationRequest } from './mutation-request.ts';
import type { ExecuteDeps } from './execute-change.ts';

export type Refusal = {
  readonly refused: {
    readonly result: StepOutcome['result'];
    readonly reasons: readonly string[];
    readonly detail: Record<string, unknown>;
    /** With `outside-window`: when to ask again. */
    readonly notBefore?: string;
  };
};

export type GateDeps = ExecuteDeps & {
  readonly clock: () => Date;
  readonly settings: SettingsInForce;
  readonly notes: OwnNotes;
};
interface Change {
  readonly input: ExecuteInput;
  readonly dossier: Dossier;
  readonly facts: CloudFacts | null;
}

/** Every gate must say yes, in this order; the first no ends it. */
export async function passGates(deps: GateDeps, trail: Trail, change: Change): Promise<Refusal | Gate> {
  const { input, dossier, facts } = change;
  if (input.step === 'rollback') return rollbackGate(deps, trail, change);
  if (facts === null) return refuse('gone', ['asset-not-found']);
  const { plan, document, approval } = dossier;
  const now = deps.clock();

  // Somebody did it by hand, and no INTENT of ours exists: nothing is left to do, and nothing is ours to claim.
  if (input.step === 'apply' && expectedState(plan, facts) === 'reached')
    return refuse('already-satisfied', [`cloud-state:${facts.state}`]);
  const prepared = input.step === 'complete' ? await firstPhase(deps, now) : null;
  if (prepared && 'refused' in prepared) return prepared;
  const expected =
    input.step === 'complete' ? withExpectedState(facts, dossier.stateWhenPlanned as typeof facts.state) : facts;
  const stateDigestMatches = digestOf(planRelevantFacts(expected)) === plan.stateDigest;
  if (!stateDigestMatches) {
    const drift = dossier.factsWhenPlanned ? driftBetween(dossier.factsWhenPlanned, expected) : ['drift:unknown'];
    return refuse('blocked-by-drift', drift.length > 0 ? drift : ['drift:unknown']);
  }
  const life = await signsOfLife(facts, deps.utilisation, { now, rules: deps.freshness });
  if (life.includes('no-fresh-metrics')) return refuse('blocked-by-preflight', life);
  if (life.length > 0) return refuse('active-again', life);

  const cmdb = cmdbRecordIn(deps.cmdb, await deps.cmdb.lookup([plan.resourceId]), plan.resourceId);
  const judged = judgeNow({ plan, document, facts, cmdb }, deps.config.policy.environmentTagKeys);
  const asset = assetNow(facts, document, judged);
  const { decisions, inTrail } = dossier;
  const standing = await askAgain(inTrail, deps.people);
  const authority = establishAuthority(
    { plan, planDigest: input.planDigest, approval, decisions, inTrail, asset, standing },
    deps,
  );
  if (authority.forged.length > 0) await tellAttack(trail, input, authority.forged);
  const reservation = await reserveBudget(deps.config, deps.store, {
    planDigest: input.planDigest,
    runScope: document.remediationId,
    accountId: plan.accountId,
    owner: document.owner.subject,
    now,
  });
  const { request, gates } = await mutationRequest(deps, {
    input,
    dossier,
    asset,
    judged,
    cmdb,
    authority,
    budget: reservation.budget,
    now,
    stateDigestMatches,
    snapshotsPrepared: prepared !== null,
  });
  const decision = deps.policy.decideMutation(request);
  await trail.record(
    'POLICY_DECISION',
    `${input.planDigest}/${input.step}/${now.getTime()}`,
    { ...decision, discardedApprovals: authority.discarded, budgetExceeded: reservation.exceeded },
    { kind: 'policy', id: decision.policySetDigest },
  );
  if (!decision.allow || !reservation.granted) {
    const reasons = [
      ...decision.reasons.map((r) => `policy:${r}`),
      ...authority.discarded,
      ...(reservation.exceeded ? [`budget:${reservation.exceeded}`] : []),
      ...(gates.doubt ? [gates.doubt] : []),
    ];
    // Only the time is in the way: the approval waits for it, as far as it is valid.
    const open =
      reservation.granted && authority.discarded.length === 0
        ? untilOpen(gates, { reasons: decision.reasons, validUntil: new Date(request.approvalExpiresAt * 1000), now })
        : null;
    if (open && 'notBefore' in open)
      return { refused: { result: 'outside-window', reasons, detail: {}, notBefore: open.notBefore } };
    if (open) reasons.push(open.tooLate);
    return refuse('blocked-by-policy', reasons);
  }
  const opinion = await secondOpinion(deps.cnapp, {
    asset: dossier.asset,
    document,
    blocking: deps.config.cnapp.blockingPolicies,
  });
  if (opinion.conflicts.length > 0 || opinion.newDetection) {
    const reasons = [
      ...opinion.conflicts.map((name) => `cnapp-policy:${name}`),
      ...(opinion.newDetection ? ['cnapp-detection'] : []),
    ];
    await trail.record('POLICY_DECISION', `${input.planDigest}/${input.step}/${now.getTime()}/cnapp`, {
      allow: false,
      reasons,
    });
    return refuse('blocked-by-policy', reasons);
  }
  const preflight = await deps.executor.preflight(plan, facts);
  if (preflight.length > 0) {
    return refuse(
      'blocked-by-preflight',
      preflight.map((code) => (code.startsWith('preflight:') ? code : `preflight:${code}`)),
    );
  }
  await trail.record('BUDGET_RESERVED', `${input.planDigest}/${input.step}`, { budget: reservation.budget });
  return { decisionId: authority.decisionId ?? input.approvalId, policyRequest: decision.requestDigest };
}

/** The second phase follows this executor's own first one, and the hold of this executor's own configuration. */
async function firstPhase({ notes, config }: GateDeps, now: Date): Promise<Refusal | { readonly at: string }> {
  const first = await notes.note('apply');
  if (first?.['result'] !== 'prepared') return refuse('blocked-by-policy', ['nothing-prepared']);
  const at = String(first['at']);
  const over = new Date(Date.parse(at) + config.policy.waits.hold);
  if (now >= over) return { at };
  return { refused: { result: 'outside-window', reasons: ['hold'], detail: {}, notBefore: over.toISOString() } };
}

/**
 * Only what this executor itself began is undone, once, and not long after: by then it is somebody's machine again, and what
 * it was before is no reason to touch it.
 */
async function rollbackGate(
  { notes, config, clock }: GateDeps,
  trail: Trail,
  { input }: Change,
): Promise<Refusal | Gate> {
  const begun = (await notes.note(begunNote('complete'))) ?? (await notes.note(begunNote('apply')));
  if (begun === null) return refuse('blocked-by-policy', ['nothing-begun']);
  const { hold, rescanDeadline, executorStep, approvalValidFor } = config.policy.waits;
  const now = clock();
  const until = new Date(Date.parse(String(begun['at'])) + hold + rescanDeadline + approvalValidFor + 2 * executorStep);
  if (now > until) return refuse('blocked-by-policy', [`rollback-too-late:${until.toISOString()}`]);
  const gate = gateOf(begun);
  await trail.record('POLICY_DECISION', `${input.planDigest}/rollback/${now.getTime()}`, {
    allow: true,
    reasons: ['undoes-own-change'],
    ...gate,
  });
  return gate;
}

function refuse(result: StepOutcome['result'], reasons: readonly string[]): Refusal {
  return { refused: { result, reasons, detail: {} } };
}

/** In the trail, where people and alerts look for it; who wrote it and how is for them to find out. */
export function tellAttack(trail: Trail, input: ExecuteInput, reasons: readonly string[]): Promise<void> {
  return trail.record('SECURITY', `${input.planDigest}/${input.step}/${reasons.join(',')}`, {
    reason: 'forged-record',
    reasons,
    step: input.step,
    planDigest: input.planDigest,
  });
}
