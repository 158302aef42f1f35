import type { RuleOf } from '../../../schemas/rules.ts';
import { stateConfidence } from '../confidence.ts';
import type { Prepared } from '../types.ts';
import { active, evidence, type Finding, stateCoverage, undetermined } from '../verdict.ts';

/** A public address bound to nothing. No cloud says since when; the address's own age is the guard. */
export function checkAddressUnassociated(p: Prepared<RuleOf<'address-unassociated'>>): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.kind !== 'address') return undetermined(['facts-missing']);
  const bound =
    facts.state === 'associated' ||
    facts.associationId !== null ||
    facts.instanceId !== null ||
    facts.networkInterfaceId !== null;
  const over = {
    windowDays: p.rule.thresholds.unassociatedDays,
    coverage: stateCoverage(true),
    evidence: [
      evidence({
        code: 'associations',
        metric: null,
        statistic: null,
        value: bound ? 1 : 0,
        threshold: 0,
        unit: 'Count',
      }),
    ],
  };
  if (bound) return active(['associated'], over);
  if (p.subject.ageDays < p.rule.thresholds.unassociatedDays) return undetermined(['too-young'], over);
  const reasons = ['unassociated', ...p.subject.unknowns];
  return { ...over, verdict: 'idle', confidence: stateConfidence(p.subject, reasons), reasons };
}
