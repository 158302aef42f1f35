import type { Maintain } from '../../domain/recommend.ts';
import type { Environment } from '../../schemas/asset.ts';
import type { Verdict } from '../../schemas/detection.ts';
import type { ActionName, Option } from '../../schemas/option.ts';
import type { RiskAssessment, RiskLevel } from '../../schemas/risk.ts';

/** One judged case; docs/offline-evaluation.md explains every field. */
export interface CaseLine {
  readonly caseId: string;
  readonly verdict: Verdict['verdict'];
  readonly ruleId: string | null;
  readonly ruleVersion: string | null;
  readonly confidence: number;
  readonly windowDays: number;
  readonly coverage: Verdict['coverage'];
  readonly reasons: readonly string[];
  readonly evidence: Verdict['evidence'];
  /** What a remediation would be started for; null when there is none. */
  readonly opportunity: { readonly ruleId: string; readonly kind: 'idle' | 'rightsize' | 'info' } | null;
  readonly verdicts: readonly Pick<Verdict, 'ruleId' | 'verdict' | 'reasons'>[];
  readonly environment: Environment;
  readonly baseRisk: { readonly score: number; readonly level: RiskLevel; readonly reasons: readonly string[] };
  readonly finalRisk: Pick<
    RiskAssessment,
    'score' | 'level' | 'vetoed' | 'assessor' | 'modelFailure' | 'confidence' | 'exposureScore'
  > & { readonly reasons: readonly string[] };
  readonly options: readonly (Pick<
    Option,
    | 'optionId'
    | 'label'
    | 'reversibility'
    | 'monthlySaving'
    | 'savingBasis'
    | 'savingNote'
    | 'riskOfActing'
    | 'blockers'
    | 'parameters'
    | 'command'
    | 'terraform'
  > & { readonly approvalsRequired: number; readonly oneClick: boolean })[];
  readonly recommended: ActionName | null;
  /** Kept as it is until a commitment ends, because nothing that is paid for already can be saved. */
  readonly maintain: Maintain | null;
  readonly priority: number | null;
  readonly approvalsRequired: number | null;
  readonly automation: { readonly allowed: boolean; readonly whyNot: readonly string[] };
  readonly assumptions: readonly string[];
}

/** A case that could not be judged; the run goes on. */
export interface ErrorLine {
  readonly caseId: string;
  readonly error: { readonly field: string; readonly found: string; readonly fix: string };
}

export interface SummaryLine {
  readonly summary: {
    readonly cases: number;
    readonly errors: number;
    readonly labelled: number;
    readonly truePositive: number;
    readonly falsePositive: number;
    readonly falseNegative: number;
    readonly trueNegative: number;
    readonly undetermined: number;
    /** Null when the denominator is zero. */
    readonly precision: number | null;
    readonly recall: number | null;
    /** Of the cases that must be left alone, the share that was called idle. The number to watch; the aim is 0. */
    readonly falseSafeRate: number | null;
    readonly expectedVerdict: { readonly stated: number; readonly matched: number };
  };
}

export type EvaluationLine = CaseLine | ErrorLine | SummaryLine;
