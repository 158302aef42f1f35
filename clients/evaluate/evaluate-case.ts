import { oneClickAllowed, requiredApprovals } from '../../domain/approvals.ts';
import { automationDecision } from '../../domain/automation.ts';
import { evaluateAsset } from '../../domain/detection/evaluate.ts';
import { selectOpportunity } from '../../domain/detection/select-opportunity.ts';
import { environmentOf } from '../../domain/environment.ts';
import { buildOptions } from '../../domain/options.ts';
import { priorityOf } from '../../domain/priority.ts';
import { maintainUntil, recommendOption } from '../../domain/recommend.ts';
import { assessRisk, type ModelOutcome } from '../../domain/risk/assess.ts';
import { baseRisk } from '../../domain/risk/base-risk.ts';
import { buildPrompt } from '../../domain/risk/prompt.ts';
import type { ModelPort } from '../../ports/model.ts';
import type { Environment } from '../../schemas/asset.ts';
import type { AssetRecord, Verdict } from '../../schemas/detection.ts';
import type { OfflineCase } from '../../schemas/offline-case.ts';
import type { Option } from '../../schemas/option.ts';
import type { RiskAssessment } from '../../schemas/risk.ts';
import type { Rule } from '../../schemas/rules.ts';
import type { CaseLine } from './lines.ts';
import type { OfflineRecord } from './to-record.ts';

export interface EvaluateCaseDeps {
  readonly rules: readonly Rule[];
  readonly environmentTagKeys: readonly string[];
  /** Null: rules only. */
  readonly model: ModelPort | null;
  readonly marker: () => string;
}

/** Detection and assessment of one case, exactly as a remediation would do them. */
export async function evaluateCase(
  deps: EvaluateCaseDeps,
  c: OfflineCase,
  { record, now, assumptions }: OfflineRecord,
): Promise<CaseLine> {
  const verdicts = evaluateAsset(deps.rules, record, now);
  const opportunity = selectOpportunity(verdicts, deps.rules);
  const leading = leadingVerdict(verdicts, deps.rules);
  const { environment } = environmentOf(record, deps.environmentTagKeys);
  const verdict = opportunity?.verdict ?? leading;
  const options =
    opportunity === null || verdict === null ? [] : buildOptions({ record, verdict, environment, rules: deps.rules });
  const base = baseRisk(record, environment);
  const model =
    opportunity === null || verdict === null ? null : await askModel(deps, { record, verdict, options, environment });
  const risk = assessRisk(base, { confidence: verdict?.confidence ?? 0 }, model);
  const recommended = recommendOption(options, risk.exposureScore);
  const chosen = options.find((o) => o.optionId === recommended) ?? null;
  const automation =
    opportunity === null
      ? { allowed: false, reasons: ['no-opportunity'] }
      : automationDecision({ phase: c.phase, environment, risk, option: chosen });
  return {
    caseId: c.caseId,
    verdict: leading?.verdict ?? 'undetermined',
    ruleId: leading?.ruleId ?? null,
    ruleVersion: leading?.ruleVersion ?? null,
    confidence: leading?.confidence ?? 0,
    windowDays: leading?.windowDays ?? 0,
    coverage: leading?.coverage ?? { expected: 0, observed: 0, ratio: 0 },
    reasons: leading?.reasons ?? ['no-rule-for-this-type'],
    evidence: leading?.evidence ?? [],
    opportunity: opportunity === null ? null : { ruleId: opportunity.rule.id, kind: opportunity.rule.kind },
    verdicts: verdicts.map((v) => ({ ruleId: v.ruleId, verdict: v.verdict, reasons: v.reasons })),
    environment,
    baseRisk: { score: base.score, level: base.level, reasons: [...base.reasonCodes] },
    finalRisk: finalRisk(risk),
    options: options.map((o) => line(o, { environment, risk })),
    recommended,
    maintain: opportunity === null ? null : maintainUntil(record, recommended),
    priority:
      opportunity === null
        ? null
        : priorityOf({
            monthlySaving: chosen?.monthlySaving ?? null,
            exposureScore: risk.exposureScore,
            confidence: risk.confidence,
            riskOfActing: chosen?.riskOfActing ?? risk.score,
          }),
    approvalsRequired: chosen === null ? null : requiredApprovals(stated(environment), risk, chosen),
    automation: { allowed: automation.allowed, whyNot: [...automation.reasons] },
    assumptions: [...assumptions],
  };
}

async function askModel(
  deps: EvaluateCaseDeps,
  q: { record: AssetRecord; verdict: Verdict; options: readonly Option[]; environment: Environment },
): Promise<ModelOutcome | null> {
  if (deps.model === null) return null;
  return deps.model.assess(buildPrompt({ ...q, marker: deps.marker() }));
}

/** What the asset is said to be: the first idle rule that holds, else the first that could tell, else the first. */
function leadingVerdict(verdicts: readonly Verdict[], rules: readonly Rule[]): Verdict | null {
  const idleRules = new Set(rules.filter((r) => r.kind === 'idle').map((r) => r.id));
  const about = verdicts.filter((v) => idleRules.has(v.ruleId));
  const of = (kind: Verdict['verdict']) => about.find((v) => v.verdict === kind);
  // Undetermined before active: a load balancer with targets and without metrics is not known to be in use.
  return of('idle') ?? of('undetermined') ?? of('active') ?? verdicts[0] ?? null;
}

function finalRisk(risk: RiskAssessment): CaseLine['finalRisk'] {
  return {
    score: risk.score,
    level: risk.level,
    reasons: risk.reasonCodes,
    vetoed: risk.vetoed,
    assessor: risk.assessor,
    modelFailure: risk.modelFailure,
    confidence: risk.confidence,
    exposureScore: risk.exposureScore,
  };
}

function line(o: Option, q: { environment: Environment; risk: RiskAssessment }): CaseLine['options'][number] {
  return {
    optionId: o.optionId,
    label: o.label,
    reversibility: o.reversibility,
    monthlySaving: o.monthlySaving,
    savingBasis: o.savingBasis,
    savingNote: o.savingNote,
    riskOfActing: o.riskOfActing,
    approvalsRequired: requiredApprovals(stated(q.environment), q.risk, o),
    oneClick: oneClickAllowed(stated(q.environment), q.risk, o),
    blockers: o.blockers,
    parameters: o.parameters,
    command: o.command,
    terraform: o.terraform,
  };
}

/** Offline there is no log to ask who set the tags: the answer holds where nobody who approves did. */
function stated(environment: Environment) {
  return { environment, tagSetters: { known: true } };
}
