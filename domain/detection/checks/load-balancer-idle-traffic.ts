import type { Evidence } from '../../../schemas/detection.ts';
import type { RuleMetric, RuleOf } from '../../../schemas/rules.ts';
import { confidenceOf } from '../confidence.ts';
import { isWhole, metricDoubts } from '../metric-guard.ts';
import type { Prepared, SeriesSummary, WindowName, WindowStats } from '../types.ts';
import { active, evidence, type Finding, poorest, undetermined } from '../verdict.ts';

type TrafficRule = RuleOf<'load-balancer-idle-traffic'>;

/** One series the rule reads about this kind of load balancer. */
interface Measured {
  readonly metric: RuleMetric;
  readonly series: SeriesSummary | null;
  /** What it is about, as reasons and evidence say it. */
  readonly what: 'requests' | 'connections' | 'traffic';
  readonly limit: number;
}

/**
 * Less traffic on every single day than scanners alone would make: requests or flows, what stays open, and bytes, as far
 * as the cloud counts them. No new flow is not no flow: a WebSocket or a message queue opens one and keeps it for weeks.
 */
export function checkLoadBalancerIdleTraffic(p: Prepared<TrafficRule>, name: WindowName): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.kind !== 'load-balancer') return undetermined(['facts-missing']);
  const type = facts.loadBalancerType;
  if (type === 'gateway') return undetermined(['not-applicable:gateway-load-balancer']);
  const all = p.rule.metrics.flatMap((metric, i) =>
    isAbout(metric, type) ? measured(p.rule, metric, p.series[i] ?? null) : [],
  );
  const windows = all.flatMap(({ series }) => (series === null ? [] : [series[name]]));
  const over = {
    windowDays: name === 'nomination' ? p.rule.windows.nominationDays : p.rule.windows.confidenceDays,
    coverage: poorest(windows.length === all.length ? windows : []),
    evidence: all.flatMap((m) => shown(m, name)),
  };
  const load = all.filter((m) => m.series !== null && isLoad(m, m.series, m.series[name]));
  if (load.length > 0)
    return active(
      load.map(({ what }) => REASON[what]),
      over,
    );

  const isNomination = name === 'nomination';
  const doubts = all.flatMap(({ metric, series }) =>
    metricDoubts(p.rule, metric.metric, { series, window: series?.[name] ?? null, isNomination }),
  );
  if (doubts.length > 0) return undetermined(doubts, over);
  if (!isNomination && all.some((m) => m.series !== null && isLoad(m, m.series, m.series.lookback)))
    return undetermined(['load-before-confidence-window'], over);
  const first = all[0]?.what === 'traffic' ? 'traffic' : 'requests';
  const reasons = [`${first}-below-threshold`, ...p.subject.unknowns];
  const month = !isNomination && all.every(({ series }) => series !== null && isWhole(p.rule, series.extended));
  return {
    ...over,
    windowDays: month ? p.rule.windows.extendedDays : over.windowDays,
    verdict: 'idle',
    confidence: confidenceOf(
      isNomination ? 'nomination' : month ? 'extended' : 'confidence',
      over.coverage.ratio,
      reasons,
    ),
    reasons,
  };
}

const REASON = {
  requests: 'requests-above-threshold',
  connections: 'connections-seen',
  traffic: 'traffic-above-threshold',
} as const;

/** A series with a condition on the key is about load balancers of that kind only; the facts say which kind this is. */
function isAbout({ onlyWhenKeyContains }: RuleMetric, type: 'application' | 'network'): boolean {
  if (onlyWhenKeyContains === null) return true;
  return onlyWhenKeyContains.includes('/app/') === (type === 'application');
}

/** Bytes are traffic, a sum of counts is what came, a peak of counts is what was open at once. */
function whatOf({ unit, statistic }: RuleMetric): Measured['what'] {
  if (unit === 'Bytes') return 'traffic';
  return statistic === 'Sum' ? 'requests' : 'connections';
}

/** The limit a series of such a rule is held against; undefined: the rule has none for it. */
export function trafficLimit({ thresholds: t }: TrafficRule, metric: RuleMetric): number | undefined {
  return { requests: t.maxRequestsPerDay, connections: t.maxOpenConnections, traffic: t.maxBytesPerDay }[
    whatOf(metric)
  ];
}

function measured(rule: TrafficRule, metric: RuleMetric, series: SeriesSummary | null): Measured[] {
  const limit = trafficLimit(rule, metric);
  return limit === undefined ? [] : [{ metric, series, what: whatOf(metric), limit }];
}

function isLoad({ what, limit }: Measured, series: SeriesSummary, window: WindowStats): boolean {
  if (window.observed === 0) return false;
  return what === 'connections' ? window.p95 > limit || series.median >= 1 : window.maxDaySum >= limit;
}

function shown({ what, metric, series, limit }: Measured, name: WindowName): Evidence[] {
  if (series === null) return [];
  const open = what === 'connections';
  return [
    evidence({
      code: open ? 'open-connections' : `${what}-day`,
      metric: metric.metric,
      statistic: open ? 'p95' : 'Maximum per day',
      value: open ? series[name].p95 : series[name].maxDaySum,
      threshold: limit,
      unit: what === 'traffic' ? 'Bytes' : 'Count',
    }),
  ];
}
