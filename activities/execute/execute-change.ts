import type { Config } from '../../config/schema.ts';
import { driftBetween, planRelevantFacts, withExpectedState } from '../../domain/state-facts.ts';
import type { ActionResult, CloudExecutor } from '../../ports/cloud.ts';
import type { CmdbPort } from '../../ports/cmdb.ts';
import type { CnappPort } from '../../ports/cnapp.ts';
import { digestOf } from '../../schemas/digest.ts';
import type { PolicyPort } from '../../ports/policy.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Store } from '../../ports/store.ts';
import type { UtilisationPort } from '../../ports/utilisation.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { Plan } from '../../schemas/option.ts';
import type { StepOutcome } from '../../schemas/outcome.ts';
import type { ExecuteActivities, ExecuteInput } from '../contracts.ts';
import { withFailures } from '../shared/failures.ts';
import { remediationTrail, type Trail } from '../shared/trail.ts';
import { expectedState } from '../verify/expected-state.ts';
import { type DirectoryLookup, establishAuthority } from './authority.ts';
import { type Dossier, loadDossier } from './dossier.ts';
import { begunKey, createEffectLog, KillSwitchThrown } from './effect-log.ts';
import { type FreshnessRules, signsOfLife } from './freshness.ts';
import { untilOpen } from './change-times.ts';
import { assetNow, reserveBudget } from './gates.ts';
import { startHeartbeat } from './heartbeat.ts';
import { secondOpinion } from './second-opinion.ts';

import { mutationRequest } from './mutation-request.ts';

export interface ExecuteDeps {
  readonly config: Config;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly policy: PolicyPort;
  readonly executor: CloudExecutor;
  readonly utilisation: UtilisationPort;
  readonly cmdb: CmdbPort;
  readonly cnapp: Pick<CnappPort, 'posture'>;
  readonly directory: DirectoryLookup;
  readonly freshness: FreshnessRules;
  readonly clock?: () => Date;
}

/** The only activity that changes a cloud account. Every gate must say yes, in this order; the first no ends it. */
export function createExecuteActivities(deps: ExecuteDeps): ExecuteActivities {
  const clock = deps.clock ?? (() => new Date());
  return withFailures<ExecuteActivities>({
    executeChange: async (input) => {
      const heartbeat = startHeartbeat();
      const trail = remediationTrail(deps.audit, input.remediationId, clock);
      const log = createEffectLog({
        trail,
        heartbeat,
        settings: deps.store.settings,
        evidence: deps.store.cases,
        planDigest: input.planDigest,
        phase: input.step,
      });
      try {
        const dossier = await loadDossier(deps, input);
        const facts = await deps.executor.describe(dossier.asset);
        const begun = (await deps.store.cases.getEvidence(begunKey(input.planDigest, input.step))) !== null;
        let decisionId: string;
        // Once an effect was announced, the gates were passed and audited; a retry must finish or find out. Before that,
        // however long the worker was away, they are asked again.
        if (begun || input.step === 'rollback') decisionId = dossier.decisions.at(-1)?.decisionId ?? input.approvalId;
        else {
          const gate =
            facts === null
              ? refuse('gone', ['asset-not-found'])
              : await passGates({ ...deps, clock }, trail, { input, dossier, facts });
          if ('refused' in gate) {
            // Nothing was announced, so nothing was called: an earlier attempt's reservation is given back as well.
            if (input.step === 'apply') await deps.store.budgets.release(input.planDigest);
            return await report(trail, input, gate.refused);
          }
          decisionId = gate.decisionId;
        }
        const identity = { decisionId, remediationId: input.remediationId, planDigest: input.planDigest };
        const result = await act(deps.executor, input.step, { plan: dossier.plan, facts, log, identity });
        return await report(trail, input, { reasons: [], ...result });
      } catch (error) {
        if (error instanceof KillSwitchThrown)
          return await report(trail, input, {
            result: 'needs-human',
            reasons: ['kill-switch'],
            detail: { message: error.message },
          });
        throw error;
      } finally {
        heartbeat.stop();
      }
    },
  });

  async function report(trail: Trail, input: ExecuteInput, outcome: Refusal['refused']): Promise<StepOutcome> {
    const { notBefore } = outcome;
    if (notBefore !== undefined) {
      // No end of the step: it is asked for again.
      const key = `${input.planDigest}/${input.step}/waits/${notBefore}`;
      await trail.record('RESULT', key, { result: outcome.result, reasons: outcome.reasons, notBefore });
      return { result: outcome.result, reasons: [...outcome.reasons], evidenceId: null, notBefore };
    }
    const evidenceId = `${input.planDigest}/${input.step}`;
    await deps.store.cases.putEvidence(evidenceId, {
      ...outcome,
      remediationId: input.remediationId,
      at: clock().toISOString(),
    });
    await trail.record(input.step === 'rollback' ? 'ROLLBACK' : 'RESULT', `${input.planDigest}/${input.step}/outcome`, {
      result: outcome.result,
      reasons: outcome.reasons,
      evidenceId,
    });
    return { result: outcome.result, reasons: [...outcome.reasons], evidenceId };
  }
}

interface ActContext {
  readonly plan: Plan;
  readonly facts: CloudFacts | null;
  readonly log: Parameters<CloudExecutor['apply']>[2];
  readonly identity: Parameters<CloudExecutor['apply']>[3];
}

async function act(
  executor: CloudExecutor,
  step: ExecuteInput['step'],
  { plan, facts, log, identity }: ActContext,
): Promise<ActionResult> {
  await log.assertNotKilled();
  switch (step) {
    case 'apply':
      if (facts === null) return executor.complete(plan, facts, log, identity);
      return executor.apply(plan, facts, log, identity);
    case 'complete':
      return executor.complete(plan, facts, log, identity);
    case 'rollback':
      return executor.rollback(plan, facts, log, identity);
  }
}

type Refusal = {
  readonly refused: {
    readonly result: StepOutcome['result'];
    readonly reasons: readonly string[];
    readonly detail: Record<string, unknown>;
    /** With `outside-window`: when to ask again. */
    readonly notBefore?: string;
  };
};

async function passGates(
  deps: ExecuteDeps & { clock: () => Date },
  trail: Trail,
  change: { input: ExecuteInput; dossier: Dossier; facts: CloudFacts },
): Promise<Refusal | { decisionId: string }> {
  const { input, dossier, facts } = change;
  const { plan, document, approval } = dossier;
  const now = deps.clock();

  // Somebody did it by hand, and no INTENT of ours exists: nothing is left to do, and nothing is ours to claim.
  if (input.step === 'apply' && expectedState(plan, facts) === 'reached')
    return refuse('already-satisfied', [`cloud-state:${facts.state}`]);
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

  const asset = assetNow(facts, document);
  const authority = establishAuthority(
    { plan, planDigest: input.planDigest, approval, decisions: dossier.decisions, inTrail: dossier.inTrail, asset },
    deps,
  );
  const reservation = await reserveBudget(deps.config, deps.store, {
    planDigest: input.planDigest,
    runScope: dossier.document.remediationId,
    accountId: plan.accountId,
    owner: document.owner.subject,
    now,
  });
  const { request, gates } = await mutationRequest(deps, {
    input,
    dossier,
    asset,
    authority,
    budget: reservation.budget,
    now,
    stateDigestMatches,
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
  return { decisionId: authority.decisionId ?? input.approvalId };
}

function refuse(result: StepOutcome['result'], reasons: readonly string[]): Refusal {
  return { refused: { result, reasons, detail: {} } };
}
