import type { Verdict } from '../../schemas/detection.ts';
import type { Rule } from '../../schemas/rules.ts';

export type Standing = 'idle' | 'excluded' | 'undetermined' | 'active';

/**
 * What an asset is counted as. What is only reported decides where no other rule is about the asset: a machine at work
 * that is of an old generation is at work.
 */
export function standingOf(verdicts: readonly Verdict[], rules: readonly Rule[]): Standing {
  const acting = verdicts.filter((v) => ruleOf(v, rules)?.kind !== 'info');
  const said = acting.length > 0 ? acting : verdicts;
  if (said.some((v) => v.verdict === 'idle')) return 'idle';
  if (said.some((v) => v.reasons.some((r) => r.startsWith('excluded:')))) return 'excluded';
  return said.some((v) => v.verdict === 'undetermined') ? 'undetermined' : 'active';
}

/**
 * Whether the short window found something that the long one has to confirm. A report on a configuration alone is final:
 * more metrics, the posture and the CMDB would not change it.
 */
export function needsConfirmation(verdicts: readonly Verdict[], rules: readonly Rule[]): boolean {
  return verdicts.some((v) => {
    if (v.verdict !== 'idle') return false;
    const rule = ruleOf(v, rules);
    return rule === undefined || rule.kind !== 'info' || rule.metrics.length > 0;
  });
}

function ruleOf(verdict: Verdict, rules: readonly Rule[]): Rule | undefined {
  return rules.find((r) => r.id === verdict.ruleId);
}
