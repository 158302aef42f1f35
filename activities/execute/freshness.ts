import type { UtilisationPort } from '../../providers/utilisation/port.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';

export interface FreshnessRules {
  /** How far back to look, in ms. */
  readonly spanMs: number;
  /** An instance whose CPU peaked at or above this in the span is busy. Percent. */
  readonly busyCpuPercent: number;
  /** A load balancer with at least this many requests in the span is busy. */
  readonly busyRequests: number;
}

const PERIOD_SECONDS = 300;

/**
 * Whether the asset came back to life since it was judged. An idle verdict is weeks old by the time a person approves;
 * this is the last look at its pulse. Returns reasons; `no-fresh-metrics` when there is nothing to look at.
 */
export async function signsOfLife(
  facts: CloudFacts,
  utilisation: UtilisationPort,
  question: { now: Date; rules: FreshnessRules },
): Promise<readonly string[]> {
  const look = LOOK[facts.resourceType];
  if (look === null || (facts.resourceType === 'AWS::EC2::Instance' && facts.state !== 'running')) return [];
  const { now, rules } = question;
  const endMs = Math.ceil(now.getTime() / 1000 / PERIOD_SECONDS) * PERIOD_SECONDS * 1000;
  const window = {
    accountId: facts.accountId,
    region: facts.region,
    periodSeconds: PERIOD_SECONDS,
    start: new Date(endMs - Math.max(rules.spanMs, 2 * PERIOD_SECONDS * 1000)).toISOString(),
    end: new Date(endMs).toISOString(),
  };
  const answer = await utilisation.fetch(window, [{ asset: facts, metric: look.metric, statistic: look.statistic }]);
  const values = (answer.series.get(facts.assetKey) ?? [])
    .flatMap((s) => s.values)
    .filter((v): v is number => v !== null);
  if (answer.incomplete.has(facts.assetKey) || values.length === 0)
    return look.silenceIsDoubt ? ['no-fresh-metrics'] : [];
  if (look.statistic === 'Maximum') return Math.max(...values) >= rules.busyCpuPercent ? ['busy-again:cpu'] : [];
  return values.reduce((a, b) => a + b, 0) >= rules.busyRequests ? ['busy-again:requests'] : [];
}

/** Load balancers publish no request metric while nobody calls: silence there is no doubt. */
const LOOK = {
  'AWS::EC2::Instance': { metric: 'CPUUtilization', statistic: 'Maximum', silenceIsDoubt: true },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { metric: 'RequestCount', statistic: 'Sum', silenceIsDoubt: false },
  'AWS::EC2::Volume': null,
  'AWS::EC2::EIP': null,
} as const;
