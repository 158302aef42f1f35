import type { Verdict } from '../../schemas/detection.ts';
import type { Rule } from '../../schemas/rules.ts';

/** Reasons that say: work was measured. A state such as `has-targets` is none. */
const LOAD: ReadonlySet<string> = new Set([
  'cpu-peak-above-threshold',
  'cpu-p95-above-threshold',
  'network-above-threshold',
  'accelerator-above-threshold',
  'requests-above-threshold',
  'traffic-above-threshold',
  'connections-seen',
  'volume-operations-seen',
]);
/** Reasons that say: there was work, and nobody knows whether it comes back. */
const EARLIER_LOAD: ReadonlySet<string> = new Set(['load-before-confidence-window', 'irregular-peaks']);

/**
 * Load that one rule found counts for every rule that would call the asset idle, such as one that looks at a state alone:
 * a load balancer without targets at the moment is at work when it had requests yesterday. Rules about size and rules
 * that only report are left as they are.
 */
export function loadWins(verdicts: readonly Verdict[], rules: readonly Rule[]): Verdict[] {
  const idleKind = new Set(rules.filter((r) => r.kind === 'idle').map((r) => r.id));
  const about = verdicts.filter((v) => idleKind.has(v.ruleId));
  const found = about.find((v) => v.verdict === 'active' && v.reasons.some(isLoad));
  const earlier = about.find((v) => v.verdict === 'undetermined' && v.reasons.some((r) => EARLIER_LOAD.has(r)));
  const against = found ?? earlier;
  if (against === undefined) return [...verdicts];
  const reasons = against.reasons.filter((r) => isLoad(r) || EARLIER_LOAD.has(r));
  return verdicts.map((v) =>
    v.verdict === 'idle' && idleKind.has(v.ruleId)
      ? {
          ...v,
          verdict: against.verdict,
          confidence: against.confidence,
          reasons,
          evidence: [...v.evidence, ...against.evidence],
        }
      : v,
  );
}

function isLoad(reason: string): boolean {
  return LOAD.has(reason) || reason.startsWith('periodic-peak:');
}
