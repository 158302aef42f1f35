import type { Evidence, Verdict } from '../../schemas/detection.ts';
import type { Prepared, WindowStats } from './types.ts';

export interface Coverage {
  readonly expected: number;
  readonly observed: number;
  readonly ratio: number;
}

/** What a check found, before rule id and version are added. */
export interface Finding {
  readonly verdict: Verdict['verdict'];
  readonly confidence: number;
  readonly windowDays: number;
  readonly coverage: Coverage;
  readonly evidence: Evidence[];
  readonly reasons: string[];
}

const NOTHING: Coverage = { expected: 0, observed: 0, ratio: 0 };

export function undetermined(reasons: string[], over?: Partial<Finding>): Finding {
  return { verdict: 'undetermined', confidence: 0, windowDays: 0, coverage: NOTHING, evidence: [], ...over, reasons };
}

export function active(reasons: string[], over?: Partial<Finding>): Finding {
  return { verdict: 'active', confidence: 99, windowDays: 0, coverage: NOTHING, evidence: [], ...over, reasons };
}

/** `id` doubles as what a model may cite, so it names the measurement and nothing of the asset. */
export function evidence({ code, metric, statistic, value, threshold, unit }: Omit<Evidence, 'id'>): Evidence {
  // Written out, not spread: this is made a million times a minute.
  return { id: `ev-${code}`, code, metric, statistic, value, threshold, unit };
}

/** For rules that read a state instead of a series: one question, one answer. */
export function stateCoverage(known: boolean): Coverage {
  return { expected: 1, observed: known ? 1 : 0, ratio: known ? 1 : 0 };
}

/** The poorest of several series speaks for all. */
export function poorest(windows: readonly WindowStats[]): Coverage {
  let worst: WindowStats | undefined;
  for (const w of windows) if (worst === undefined || w.ratio < worst.ratio) worst = w;
  return worst === undefined ? NOTHING : { expected: worst.expected, observed: worst.observed, ratio: worst.ratio };
}

export function complete(prepared: Prepared, f: Finding): Verdict {
  return {
    ruleId: prepared.rule.id,
    ruleVersion: prepared.rule.version,
    verdict: f.verdict,
    confidence: f.confidence,
    windowDays: f.windowDays,
    coverage: f.coverage,
    evidence: f.evidence,
    reasons: f.reasons,
  };
}
