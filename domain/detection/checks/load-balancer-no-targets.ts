import type { RuleOf } from '../../../schemas/rules.ts';
import { stateConfidence } from '../confidence.ts';
import type { Prepared } from '../types.ts';
import { active, evidence, type Finding, stateCoverage, undetermined } from '../verdict.ts';

/** A load balancer that has nothing to balance. */
export function checkLoadBalancerNoTargets(p: Prepared<RuleOf<'load-balancer-no-targets'>>): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.kind !== 'load-balancer') return undetermined(['facts-missing']);
  const over = {
    windowDays: p.rule.thresholds.emptyDays,
    coverage: stateCoverage(true),
    evidence: [
      evidence({
        code: 'registered-targets',
        metric: null,
        statistic: null,
        value: facts.registeredTargets,
        threshold: 0,
        unit: 'Count',
      }),
    ],
  };
  if (facts.registeredTargets > 0) return active(['has-targets'], over);
  if (facts.state !== 'active') return undetermined([`state-not-active:${facts.state}`], over);
  if (p.subject.ageDays < p.rule.thresholds.emptyDays) return undetermined(['too-young'], over);
  // Listeners without any target group answer by themselves: redirects and fixed responses need no target.
  if (facts.backendGroupIds.length === 0 && facts.listenerIds.length > 0)
    return undetermined(['may-answer-without-targets'], over);
  const reasons = ['no-targets', ...p.subject.unknowns];
  return { ...over, verdict: 'idle', confidence: stateConfidence(p.subject, reasons), reasons };
}
