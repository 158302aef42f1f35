import type { RuleOf } from '../../../schemas/rules.ts';
import { confidenceOf } from '../confidence.ts';
import { isWhole, metricDoubts, metricName } from '../metric-guard.ts';
import type { Prepared, WindowName } from '../types.ts';
import { active, evidence, type Finding, poorest, undetermined } from '../verdict.ts';

/** Less traffic on every single day than scanners alone would make: requests, flows or bytes, as the cloud counts it. */
export function checkLoadBalancerIdleTraffic(
  p: Prepared<RuleOf<'load-balancer-idle-traffic'>>,
  name: WindowName,
): Finding {
  const { record } = p.subject;
  const facts = record.facts;
  if (facts === null || facts.kind !== 'load-balancer') return undetermined(['facts-missing']);
  if (facts.loadBalancerType === 'gateway') return undetermined(['not-applicable:gateway-load-balancer']);
  // With two series the first is about application load balancers, the second about network ones.
  const index = p.rule.metrics.length === 1 || facts.loadBalancerType === 'application' ? 0 : 1;
  const metric = metricName(p.rule, index);
  const traffic = p.series[index] ?? null;
  const { maxRequestsPerDay, maxBytesPerDay } = p.rule.thresholds;
  const limit = maxRequestsPerDay ?? maxBytesPerDay ?? 0;
  const what = maxRequestsPerDay === undefined ? 'traffic' : 'requests';
  const windowDays = name === 'nomination' ? p.rule.windows.nominationDays : p.rule.windows.confidenceDays;
  const over = {
    windowDays,
    coverage: poorest(traffic === null ? [] : [traffic[name]]),
    evidence:
      traffic === null
        ? []
        : [
            evidence({
              code: `${what}-day`,
              metric,
              statistic: 'Maximum per day',
              value: traffic[name].maxDaySum,
              threshold: limit,
              unit: what === 'requests' ? 'Count' : 'Bytes',
            }),
          ],
  };
  if (traffic !== null && traffic[name].maxDaySum >= limit) return active([`${what}-above-threshold`], over);
  const isNomination = name === 'nomination';
  const doubts = metricDoubts(p.rule, metric, { series: traffic, window: traffic?.[name] ?? null, isNomination });
  if (traffic === null || doubts.length > 0) return undetermined(doubts, over);
  if (!isNomination && traffic.lookback.maxDaySum >= limit)
    return undetermined(['load-before-confidence-window'], over);
  const reasons = [`${what}-below-threshold`, ...p.subject.unknowns];
  const month = !isNomination && isWhole(p.rule, traffic.extended);
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
