import type { ModelAnswer, ModelFailure } from '../../ports/model.ts';
import type { Verdict } from '../../schemas/detection.ts';
import type { RiskAssessment } from '../../schemas/risk.ts';
import { cleanText } from '../untrusted-text.ts';
import type { BaseRisk } from './base-risk.ts';
import { MODEL_QUESTIONS, MODEL_REASON_CODES } from './model-vocabulary.ts';
import { MODEL_DELTA_POINTS, riskLevelOf, VETO_FLOOR } from './weights.ts';

/** Automation asks for 95; with a model that was wanted and failed, nobody can reach it. */
export const CONFIDENCE_CAP_WITHOUT_MODEL = 94;

export type ModelOutcome =
  | { readonly ok: true; readonly answer: ModelAnswer }
  | { readonly ok: false; readonly failure: ModelFailure };

export interface RaisedRisk {
  readonly score: number;
  readonly level: RiskAssessment['level'];
  readonly reasonCodes: readonly string[];
  readonly vetoed: boolean;
}

/**
 * What the model adds: +1 → 10 points, +2 → 25, veto → 25 and at least `high`. Whatever it says, the score never
 * falls below the rules' own, and a delta outside the vocabulary counts as a veto.
 */
export function applyModelAnswer(base: BaseRisk, answer: ModelAnswer): RaisedRisk {
  const delta = answer.riskDelta;
  const legal = delta === 0 || delta === 1 || delta === 2;
  const vetoed = !legal;
  const raised = base.score + (legal ? MODEL_DELTA_POINTS[delta] : MODEL_DELTA_POINTS.veto);
  const score = Math.min(100, Math.max(base.score, raised, vetoed ? VETO_FLOOR : 0));
  const known: readonly string[] = MODEL_REASON_CODES;
  const codes = answer.reasonCodes.filter((c) => known.includes(c)).map((c) => `model:${c}`);
  return {
    score,
    level: riskLevelOf(score),
    reasonCodes: [...new Set([...base.reasonCodes, ...codes, ...(vetoed ? ['model:veto'] : [])])],
    vetoed,
  };
}

/**
 * The whole assessment. `model` is null when none was asked for or none is configured: then the rules are the
 * intended assessor and keep their confidence. A model that was asked and failed costs the automation.
 */
export function assessRisk(
  base: BaseRisk,
  verdict: Pick<Verdict, 'confidence'>,
  model: ModelOutcome | null,
): RiskAssessment {
  const common = { baseScore: base.score, exposureScore: base.exposureScore };
  if (model === null || !model.ok) {
    const failure = model === null ? 'not-configured' : model.failure;
    const cap = failure === 'not-configured' ? 100 : CONFIDENCE_CAP_WITHOUT_MODEL;
    return {
      ...common,
      score: base.score,
      level: base.level,
      reasonCodes: [...base.reasonCodes],
      vetoed: false,
      questions: [],
      summary: null,
      assessor: 'rules',
      modelFailure: failure,
      confidence: Math.min(verdict.confidence, cap),
    };
  }
  const raised = applyModelAnswer(base, model.answer);
  return {
    ...common,
    score: raised.score,
    level: raised.level,
    reasonCodes: [...raised.reasonCodes],
    vetoed: raised.vetoed,
    questions: questionsOf(model.answer),
    summary: model.answer.summary === null ? null : cleanText(model.answer.summary, 600) || null,
    assessor: 'rules+model',
    modelFailure: null,
    confidence: verdict.confidence,
  };
}

/** Our own wording of the questions the model picked; words of its own are dropped. */
function questionsOf(answer: ModelAnswer): string[] {
  const wording: Readonly<Record<string, string>> = MODEL_QUESTIONS;
  return [...new Set(answer.questions)].flatMap((q) => (Object.hasOwn(wording, q) ? [wording[q] as string] : []));
}
