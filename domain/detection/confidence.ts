import type { Subject } from './types.ts';

/** Base by length of the evidence; a week only nominates. Automation asks for 95, so only a month can reach it. */
const BASE_NOMINATION = 60;
const BASE_CONFIDENCE = 88;
const BASE_EXTENDED = 99;

/** Reason → the most a verdict may be trusted with it. Each is shown beside the verdict. */
export const CONFIDENCE_CAPS: Readonly<Record<string, number>> = {
  'month-end-not-observed': 90,
  'posture-unknown': 90,
  'cmdb-unknown': 90,
  'sources-disagree': 85,
  'isolated-peak': 80,
  'detached-since-unknown': 75,
  'peak-above-5-percent': 94,
  'stopped-since-by-silence': 90,
  'configuration-copied': 90,
  'connections-not-counted': 90,
};

export type Window = 'nomination' | 'confidence' | 'extended';

/** One point less per percent of missing samples, then the lowest cap that applies. Never below 1. */
export function confidenceOf(window: Window, ratio: number, reasons: readonly string[]): number {
  const base = window === 'extended' ? BASE_EXTENDED : window === 'confidence' ? BASE_CONFIDENCE : BASE_NOMINATION;
  let score = base - Math.ceil((1 - ratio) * 100 - 1e-9);
  for (const reason of reasons) {
    const cap = CONFIDENCE_CAPS[reason];
    if (cap !== undefined && cap < score) score = cap;
  }
  return Math.max(1, Math.min(99, score));
}

/** Confidence in a state that was read, not measured. */
export function stateConfidence(subject: Subject, reasons: readonly string[]): number {
  return confidenceOf('extended', 1, [...subject.unknowns, ...reasons]);
}
