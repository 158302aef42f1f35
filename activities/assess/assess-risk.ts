import { randomBytes } from 'node:crypto';
import { oneClickAllowed, requiredApprovals } from '../../domain/approvals.ts';
import { automationDecision } from '../../domain/automation.ts';
import { applyMemory } from '../../domain/memory/effects.ts';
import { buildOptions } from '../../domain/options.ts';
import { recommendOption } from '../../domain/recommend.ts';
import { assessRisk as combine } from '../../domain/risk/assess.ts';
import { baseRisk } from '../../domain/risk/base-risk.ts';
import { buildPrompt } from '../../domain/risk/prompt.ts';
import { planRelevantFacts } from '../../domain/state-facts.ts';
import { ACTIONS } from '../../schemas/actions.ts';
import { digestOf, sha256 } from '../../schemas/digest.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { MemoryPort } from '../../ports/memory.ts';
import type { ModelPort, ModelResult } from '../../ports/model.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Signer, Verifier } from '../../ports/signing.ts';
import { assessedStatement } from '../../ports/statements.ts';
import type { Store } from '../../ports/store.ts';
import type { Option, Plan } from '../../schemas/option.ts';
import { CaseDocument } from '../../schemas/records.ts';
import type { RiskAssessment } from '../../schemas/risk.ts';
import type { Rule } from '../../schemas/rules.ts';
import type { AssessActivities, AssessResult, PlannedOption } from '../contracts.ts';
import { withFailures } from '../shared/failures.ts';
import { changedCase, loadCase, wasGathered } from '../shared/load-case.ts';
import { remediationTrail, type Trail } from '../shared/trail.ts';
import { recallForCase } from './recall.ts';

export interface AssessDeps {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly model: ModelPort;
  readonly memory: MemoryPort;
  readonly rules: readonly Rule[];
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly clock: () => Date;
}

/** Options and numbers from code, base risk from the rules; model and memory may only raise it. */
export function createAssessActivities(deps: AssessDeps): AssessActivities {
  return withFailures<AssessActivities>({
    async assessRisk({ remediationId, caseId, phase }) {
      const document = await loadCase(deps.store, caseId);
      if (!wasGathered(document, deps.verifier)) throw changedCase(caseId);
      const trail = remediationTrail(deps.audit, remediationId, deps.clock);

      const options = buildOptions({
        record: document.record,
        verdict: document.verdict,
        environment: document.environment,
        rules: deps.rules,
      });
      const risk = await assess(deps, trail, { document, options });
      await trail.record('RISK_ASSESSED', caseId, { ...risk });
      const planned: CaseDocument['options'] = [];
      const result: PlannedOption[] = [];
      for (const option of options) {
        const plan = planOf(document, risk, { option, now: deps.clock() });
        const existing = document.options.find((o) => o.optionId === option.optionId);
        const planDigest = existing?.planDigest ?? digestOf(plan);
        if (!existing) await deps.store.cases.putPlan(planDigest, plan);
        await trail.record('PLAN', planDigest, {
          planDigest,
          action: plan.action,
          stateDigest: plan.stateDigest,
          requiredApprovals: plan.requiredApprovals,
        });
        planned.push({
          ...option,
          planDigest,
          requiredApprovals: plan.requiredApprovals,
          oneClick: oneClickAllowed(document, risk, option),
        });
        if (option.blockers.length === 0)
          result.push({
            optionId: option.optionId,
            planDigest,
            requiredApprovals: plan.requiredApprovals,
            twoPhase: ACTIONS[option.optionId].phases === 2,
            monthlySaving: option.monthlySaving,
          });
      }
      const recommended = recommendOption(options, risk.exposureScore);
      const assessed = CaseDocument.parse({ ...document, risk, options: planned, recommended });
      await deps.store.cases.put({ ...assessed, assessedBy: deps.signer.sign('case', assessedStatement(assessed)) });
      return finish(deps, { document, risk, options, result, recommended, phase });
    },
  });
}

async function assess(
  deps: AssessDeps,
  trail: Trail,
  ask: { document: CaseDocument; options: readonly Option[] },
): Promise<RiskAssessment> {
  const { document, options } = ask;
  const base = baseRisk(document.record, document.environment);
  const memory = await recallForCase(deps, trail, { document, options });
  const prompt = buildPrompt({
    record: document.record,
    verdict: document.verdict,
    options,
    marker: randomBytes(8).toString('hex'),
    environment: document.environment,
    guidance: memory.notes,
  });
  const model = await deps.model.assess(prompt);
  await recordExchange(deps, trail, { document, model, user: prompt.user });
  return applyMemory(combine(base, document.verdict, model), memory.effects);
}

/**
 * What was sent and what came back, whatever came back: kept as evidence, its digests in the trail. Each attempt has a document
 * and entries of its own: what a retry asked must not replace what the trail says was asked.
 */
async function recordExchange(
  deps: AssessDeps,
  trail: Trail,
  ask: { document: CaseDocument; model: ModelResult; user: string },
): Promise<void> {
  const { document, model, user } = ask;
  const exchange = model.exchange;
  const body = exchange === null ? null : { ...exchange, ok: model.ok };
  const evidenceDigest = digestOf(body);
  const evidenceId = `${document.caseId}/model/${evidenceDigest.slice(0, 16)}`;
  if (exchange && body) {
    await deps.store.cases.putEvidence(evidenceId, body);
    await trail.record('PROMPT', evidenceId, {
      evidenceId,
      evidenceDigest,
      promptDigest: sha256(user),
      model: exchange.model,
    });
    await trail.record(
      'MODEL_OUTPUT',
      evidenceId,
      {
        evidenceId,
        evidenceDigest,
        answerDigest: exchange.rawAnswer === null ? null : sha256(exchange.rawAnswer),
        ok: model.ok,
        failure: model.ok ? null : model.failure,
      },
      { kind: 'model', id: exchange.model },
    );
  }
  if (!model.ok && model.failure === 'egress-blocked')
    await trail.record('EGRESS_BLOCKED', document.caseId, { evidenceId });
}

function planOf(document: CaseDocument, risk: RiskAssessment, ask: { option: Option; now: Date }): Plan {
  const { option, now } = ask;
  const { asset, facts } = document.record;
  if (facts === null)
    throw new ProviderError({
      kind: 'terminal',
      provider: 'idlewise',
      operation: 'plan',
      message: `case ${document.caseId} has no cloud facts to bind a plan to`,
    });
  return {
    version: 1,
    remediationId: document.remediationId,
    assetKey: asset.assetKey,
    accountId: asset.accountId,
    region: asset.region,
    resourceType: asset.resourceType,
    resourceId: asset.resourceId,
    ruleId: document.verdict.ruleId,
    action: option.optionId,
    parameters: option.parameters,
    stateDigest: digestOf(planRelevantFacts(facts)),
    expectedMonthlySaving: option.monthlySaving,
    reversibility: option.reversibility,
    requiredApprovals: requiredApprovals(document, risk, option),
    rollback: option.rollback,
    createdAt: now.toISOString(),
  };
}

interface Finish {
  readonly document: CaseDocument;
  readonly risk: RiskAssessment;
  readonly options: readonly Option[];
  readonly result: readonly PlannedOption[];
  readonly recommended: AssessResult['recommended'];
  readonly phase: 'observe' | 'approve' | 'automate';
}

async function finish(
  deps: AssessDeps,
  { document, risk, options, result, recommended, phase }: Finish,
): Promise<AssessResult> {
  const option = options.find((o) => o.optionId === recommended) ?? null;
  const automation = automationDecision({ phase, environment: document.environment, risk, option });
  await deps.store.remediations.upsert({
    remediationId: document.remediationId,
    stage: 'ticketing',
    riskLevel: risk.level,
    monthlySaving: option?.monthlySaving ?? null,
    updatedAt: deps.clock().toISOString(),
  });
  return {
    riskScore: risk.score,
    riskLevel: risk.level,
    assessor: risk.assessor,
    options: result,
    recommended,
    automation: {
      allowed: automation.allowed,
      optionId: automation.allowed ? recommended : null,
      reasons: automation.reasons,
    },
  };
}
