import type { RuleOf } from '../../../schemas/rules.ts';
import { confidenceOf } from '../confidence.ts';
import { isWhole, metricDoubts } from '../metric-guard.ts';
import type { Prepared, WindowName } from '../types.ts';
import { active, evidence, type Finding, poorest, undetermined } from '../verdict.ts';

/** Fewer requests (or flows) on every single day than scanners alone would send. */
export function checkLoadBalancerIdleTraffic(
  p: Prepared<RuleOf<'load-balancer-idle-traffic'>>,
  name: WindowName,
): Finding {
  const { record } = p.subject;
  const facts = record.facts;
  if (facts === null || facts.resourceType !== 'AWS::ElasticLoadBalancingV2::LoadBalancer')
    return undetermined(['facts-missing']);
  if (facts.loadBalancerType === 'gateway') return undetermined(['not-applicable:gateway-load-balancer']);
  const index = facts.loadBalancerType === 'application' ? 0 : 1;
  const metric = p.rule.metrics[index]?.metric ?? 'RequestCount';
  const requests = p.series[index] ?? null;
  const limit = p.rule.thresholds.maxRequestsPerDay;
  const windowDays = name === 'nomination' ? p.rule.windows.nominationDays : p.rule.windows.confidenceDays;
  const over = {
    windowDays,
    coverage: poorest(requests === null ? [] : [requests[name]]),
    evidence:
      requests === null
        ? []
        : [
            evidence({
              code: 'requests-day',
              metric,
              statistic: 'Maximum per day',
              value: requests[name].maxDaySum,
              threshold: limit,
              unit: 'Count',
            }),
          ],
  };
  if (requests !== null && requests[name].maxDaySum >= limit) return active(['requests-above-threshold'], over);
  const isNomination = name === 'nomination';
  const doubts = metricDoubts(p.rule, metric, { series: requests, window: requests?.[name] ?? null, isNomination });
  if (requests === null || doubts.length > 0) return undetermined(doubts, over);
  if (!isNomination && requests.lookback.maxDaySum >= limit)
    return undetermined(['load-before-confidence-window'], over);
  const reasons = ['requests-below-threshold', ...p.subject.unknowns];
  const month = !isNomination && isWhole(p.rule, requests.extended);
  const confidence = confidenceOf(
    isNomination ? 'nomination' : month ? 'extended' : 'confidence',
    over.coverage.ratio,
    reasons,
  );
  return {
    ...over,
    windowDays: month ? p.rule.windows.extendedDays : windowDays,
    verdict: 'idle',
    confidence,
    reasons,
  };
}
