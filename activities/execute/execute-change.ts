import type { Config } from '../../config/schema.ts';
import type { ActionResult, CloudExecutor } from '../../ports/cloud.ts';
import type { CmdbPort } from '../../ports/cmdb.ts';
import type { CnappPort } from '../../ports/cnapp.ts';
import type { PeoplePort } from '../../ports/people.ts';
import type { PolicyPort } from '../../ports/policy.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Signer, Verifier } from '../../ports/signing.ts';
import type { Store } from '../../ports/store.ts';
import type { UtilisationPort } from '../../ports/utilisation.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { Plan } from '../../schemas/option.ts';
import type { StepOutcome } from '../../schemas/outcome.ts';
import type { ExecuteActivities, ExecuteInput } from '../contracts.ts';
import { withFailures } from '../shared/failures.ts';
import { createSettingsInForce } from '../shared/settings-in-force.ts';
import { remediationTrail, type Trail } from '../shared/trail.ts';
import type { DirectoryLookup } from './authority.ts';
import { loadDossier } from './dossier.ts';
import { begunNote, createEffectLog, type Gate, gateOf, KillSwitchThrown } from './effect-log.ts';
import { passGates, type Refusal, tellAttack } from './pass-gates.ts';
import { createOwnNotes, ForgedNote, type OwnNotes } from './own-notes.ts';
import type { FreshnessRules } from './freshness.ts';
import { startHeartbeat } from './heartbeat.ts';

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
  /** This executor's own key, for what it notes for itself. */
  readonly signer: Signer;
  readonly verifier: Verifier;
  /** By the channel in which people decide: asked again right before a change. */
  readonly people: Partial<Record<string, PeoplePort>>;
  readonly freshness: FreshnessRules;
  readonly clock?: () => Date;
}

/** The only activity that changes a cloud account. Every gate must say yes, in this order; the first no ends it. */
export function createExecuteActivities(deps: ExecuteDeps): ExecuteActivities {
  const clock = deps.clock ?? (() => new Date());
  const settings = createSettingsInForce({ ...deps, settings: deps.store.settings });
  return withFailures<ExecuteActivities>({
    executeChange: async (input) => {
      const heartbeat = startHeartbeat();
      const trail = remediationTrail(deps.audit, input.remediationId, clock);
      const notes = createOwnNotes({ ...deps, ...input, trail, evidence: deps.store.cases });
      let gate: Gate | null = null;
      const log = createEffectLog({
        trail,
        notes,
        heartbeat,
        now: clock,
        killSwitch: () => settings.killSwitch(),
        planDigest: input.planDigest,
        phase: input.step,
        gate: () => gate ?? missingGate(),
      });
      try {
        const dossier = await loadDossier(deps, input);
        const facts = await deps.executor.describe(dossier.asset);
        // Once an effect was announced, the gates were passed and audited; a retry must finish or find out. Before that,
        // however long the worker was away, they are asked again.
        const begun = await notes.note(begunNote(input.step));
        const passed =
          begun !== null
            ? gateOf(begun)
            : await passGates({ ...deps, clock, settings, notes }, trail, { input, dossier, facts });
        if ('refused' in passed) {
          // Nothing was announced, so nothing was called: an earlier attempt's reservation is given back as well.
          if (input.step === 'apply') await deps.store.budgets.release(input.planDigest);
          return await report(trail, notes, { input, outcome: passed.refused });
        }
        gate = passed;
        const { decisionId } = passed;
        const identity = { decisionId, remediationId: input.remediationId, planDigest: input.planDigest };
        const result = await act(deps.executor, input.step, { plan: dossier.plan, facts, log, identity });
        return await report(trail, notes, { input, outcome: { reasons: [], ...result } });
      } catch (error) {
        if (error instanceof ForgedNote) {
          await tellAttack(trail, input, [`forged:${error.about}`]);
          return { result: 'needs-human', reasons: [`forged:${error.about}`], evidenceId: null };
        }
        if (error instanceof KillSwitchThrown)
          return await report(trail, notes, {
            input,
            outcome: { result: 'needs-human', reasons: ['kill-switch'], detail: { message: error.message } },
          });
        throw error;
      } finally {
        heartbeat.stop();
      }
    },
  });

  async function report(
    trail: Trail,
    notes: OwnNotes,
    { input, outcome }: { input: ExecuteInput; outcome: Refusal['refused'] },
  ): Promise<StepOutcome> {
    const { notBefore } = outcome;
    if (notBefore !== undefined) {
      // No end of the step: it is asked for again.
      const key = `${input.planDigest}/${input.step}/waits/${notBefore}`;
      await trail.record('RESULT', key, { result: outcome.result, reasons: outcome.reasons, notBefore });
      return { result: outcome.result, reasons: [...outcome.reasons], evidenceId: null, notBefore };
    }
    const evidenceId = `${input.planDigest}/${input.step}`;
    const at = clock().toISOString();
    await notes.setNote(input.step, { ...outcome, remediationId: input.remediationId, at });
    await trail.record(input.step === 'rollback' ? 'ROLLBACK' : 'RESULT', `${input.planDigest}/${input.step}/outcome`, {
      result: outcome.result,
      reasons: outcome.reasons,
      evidenceId,
    });
    return { result: outcome.result, reasons: [...outcome.reasons], evidenceId };
  }
}

function missingGate(): never {
  throw new Error('an effect was announced before the gates were passed');
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
