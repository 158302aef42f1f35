import type { RuleOf } from '../../../schemas/rules.ts';
import { DAY_SECONDS } from '../calendar.ts';
import { stateConfidence } from '../confidence.ts';
import { epoch } from '../prepare.ts';
import type { Prepared } from '../types.ts';
import { evidence, type Finding, stateCoverage, undetermined } from '../verdict.ts';

/** Stopped for long, and still paying for its disks. */
export function checkInstanceStopped(p: Prepared<RuleOf<'instance-stopped'>>): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.resourceType !== 'AWS::EC2::Instance') return undetermined(['facts-missing']);
  if (facts.state !== 'stopped') return undetermined([`not-applicable:state-${facts.state}`]);
  const limit = p.rule.thresholds.stoppedDays;
  if (facts.stoppedAt === null) return undetermined(['stopped-since-unknown'], { coverage: stateCoverage(false) });
  const days = (p.subject.endEpoch - epoch(facts.stoppedAt)) / DAY_SECONDS;
  const over = {
    windowDays: limit,
    coverage: stateCoverage(true),
    evidence: [
      evidence({
        code: 'stopped-days',
        metric: null,
        statistic: null,
        value: Math.floor(days),
        threshold: limit,
        unit: 'Days',
      }),
    ],
  };
  if (!(days >= limit)) return undetermined(['stopped-recently'], over);
  const reasons = ['stopped-long', ...p.subject.unknowns];
  return { ...over, verdict: 'idle', confidence: stateConfidence(p.subject, reasons), reasons };
}
