import type { GuidanceEntry, MemoryEffects, PastCase, RejectionCode, VerifiedEnd } from '../../schemas/memory.ts';
import type { RiskAssessment } from '../../schemas/risk.ts';
import { MODEL_DELTA_POINTS, riskLevelOf } from '../risk/weights.ts';
import { MEMORY_QUESTIONS, MEMORY_REASON_CODES } from './vocabulary.ts';

/** More questions than this and nobody reads any. */
export const MOST_QUESTIONS = 3;

/** One "no" may be one person's mood; from here on a shared reason adds risk. */
const REJECTIONS_TO_RAISE = 2;

interface Effect {
  readonly raise: 0 | 1;
  readonly reasonCodes: readonly string[];
  readonly questions: readonly string[];
}

const NONE: Effect = { raise: 0, reasonCodes: [], questions: [] };
const WENT_WRONG: Effect = {
  raise: 1,
  reasonCodes: ['similar-case-went-wrong'],
  questions: ['what-went-wrong-before', 'is-a-smaller-step-possible'],
};

/** Success has no effect: it could only argue for less care, and the model is not told of it either. */
const OF_END: Readonly<Record<Exclude<VerifiedEnd, 'rejected'>, Effect>> = {
  remediated: NONE,
  'rolled-back': WENT_WRONG,
  contradicted: WENT_WRONG,
  'active-again': {
    raise: 1,
    reasonCodes: ['similar-case-active-again', 'periodic-load-possible'],
    questions: ['is-it-used-periodically'],
  },
  'saving-contradicted': { raise: 0, reasonCodes: ['similar-saving-not-billed'], questions: [] },
};

const OF_REJECTION: Readonly<Record<RejectionCode, Omit<Effect, 'raise'>>> = {
  'needed-periodically': { reasonCodes: ['periodic-load-possible'], questions: ['is-it-used-periodically'] },
  'standby-or-failover': { reasonCodes: ['standby-or-failover-role'], questions: ['is-it-a-standby'] },
  'in-use': { reasonCodes: ['dependents-exist'], questions: ['what-depends-on-it'] },
  'wrong-owner': { reasonCodes: ['owner-unclear'], questions: ['who-owns-it'] },
  'wrong-environment': { reasonCodes: ['environment-unclear'], questions: ['is-the-environment-right'] },
  'licence-or-identity-bound': {
    reasonCodes: ['license-or-identity-bound'],
    questions: ['is-software-licensed-to-it'],
  },
  'data-not-backed-up': { reasonCodes: ['state-not-backed-up'], questions: ['is-data-backed-up'] },
  'legal-hold': { reasonCodes: ['legal-hold-possible'], questions: ['is-it-under-legal-hold'] },
  'managed-elsewhere': { reasonCodes: ['managed-by-other-tool'], questions: ['is-it-managed-by-code'] },
  'planned-anyway': { reasonCodes: [], questions: ['does-the-old-reason-hold'] },
  other: { reasonCodes: [], questions: ['does-the-old-reason-hold'] },
};

/**
 * What all guidance that applies and all past cases like this one add up to. Everything is a union or a maximum over all
 * of them, never over the best few: so one more piece of memory can take nothing away. At most one step of risk.
 */
export function memoryEffects(memory: {
  readonly guidance: readonly GuidanceEntry[];
  /** Best first: the order decides which questions are asked. */
  readonly cautions: readonly PastCase[];
}): MemoryEffects {
  const rejections = new Map<RejectionCode, number>();
  for (const { rejection } of memory.cautions)
    if (rejection !== null) rejections.set(rejection, (rejections.get(rejection) ?? 0) + 1);
  const effects = [
    ...memory.cautions.map((past) => effectOf(past, rejections)),
    ...memory.guidance.map((g) => g.effect),
  ];
  const questions = known(
    effects.flatMap((e) => e.questions),
    Object.keys(MEMORY_QUESTIONS),
  );
  return {
    raise: effects.some((e) => e.raise === 1) ? 1 : 0,
    reasonCodes: known(
      effects.flatMap((e) => e.reasonCodes),
      MEMORY_REASON_CODES,
    ).sort(),
    questions: questions.slice(0, MOST_QUESTIONS).map((code) => MEMORY_QUESTIONS[code] as string),
  };
}

/** The assessment with what memory adds. Score, reasons and questions can only grow; nothing else is touched. */
export function applyMemory(risk: RiskAssessment, effects: MemoryEffects): RiskAssessment {
  const raised = risk.score + (effects.raise === 1 ? MODEL_DELTA_POINTS[1] : 0);
  const score = Math.min(100, Math.max(risk.score, raised));
  return {
    ...risk,
    score,
    level: riskLevelOf(score),
    reasonCodes: [...new Set([...risk.reasonCodes, ...effects.reasonCodes.map((code) => `memory:${code}`)])],
    questions: [...new Set([...risk.questions, ...effects.questions])],
  };
}

/** True for a past case that has something to say against acting. */
export function isCaution(past: PastCase): boolean {
  return past.end !== 'remediated';
}

function effectOf(past: PastCase, rejections: ReadonlyMap<RejectionCode, number>): Effect {
  if (past.end !== 'rejected') return OF_END[past.end];
  const code = past.rejection ?? 'other';
  const { reasonCodes, questions } = OF_REJECTION[code];
  const shared = code !== 'other' && code !== 'planned-anyway' && (rejections.get(code) ?? 0) >= REJECTIONS_TO_RAISE;
  return { raise: shared ? 1 : 0, reasonCodes: ['similar-case-rejected', ...reasonCodes], questions };
}

/** Each once, in order, and only words of the vocabulary. */
function known(codes: readonly string[], vocabulary: readonly string[]): string[] {
  return [...new Set(codes)].filter((code) => vocabulary.includes(code));
}
