import type { Verdict } from '../../schemas/detection.ts';
import type { Rule } from '../../schemas/rules.ts';

export interface SelectedOpportunity {
  readonly verdict: Verdict;
  readonly rule: Rule;
}

const KIND_ORDER: Readonly<Record<Rule['kind'], number>> = { idle: 0, rightsize: 1, info: 2 };

/**
 * The one opportunity an asset may be: stopping beats rightsizing, so that no saving is counted twice. Among rules of
 * one kind the more confident verdict wins, then the earlier rule. `info` rules are reported, never remediated.
 */
export function selectOpportunity(verdicts: readonly Verdict[], rules: readonly Rule[]): SelectedOpportunity | null {
  const idle = verdicts.filter((v) => v.verdict === 'idle');
  if (idle.length === 0) return null;
  let best: SelectedOpportunity | null = null;
  for (const rule of rules) {
    if (rule.kind === 'info') continue;
    const verdict = idle.find((v) => v.ruleId === rule.id);
    if (verdict === undefined) continue;
    if (best === null || beats({ verdict, rule }, best)) best = { verdict, rule };
  }
  return best;
}

function beats(a: SelectedOpportunity, b: SelectedOpportunity): boolean {
  const kind = KIND_ORDER[a.rule.kind] - KIND_ORDER[b.rule.kind];
  return kind !== 0 ? kind < 0 : a.verdict.confidence > b.verdict.confidence;
}
