import type { AssetRecord } from '../../schemas/detection.ts';
import type { Rule, RuleExclusions } from '../../schemas/rules.ts';
import { DAY_SECONDS } from './calendar.ts';
import { exclusionsOf } from './exclusions.ts';
import { seriesFor, summarise } from './summarise.ts';
import type { Prepared, SeriesSummary, Subject } from './types.ts';

/**
 * Everything slow about a verdict, done once per asset: dates parsed, tags folded, series summarised.
 * Rules that read the same series over the same windows share its summary.
 */
export function prepareAsset(rules: readonly Rule[], record: AssetRecord, now: string): Prepared[] {
  const nowEpoch = epoch(now);
  const summaries = new Map<string, SeriesSummary | null>();
  const subjects = new Map<RuleExclusions, Subject>();
  const prepared: Prepared[] = [];
  for (const rule of rules) {
    if (rule.resourceType !== record.asset.resourceType) continue;
    let subject = subjects.get(rule.exclusions);
    if (subject === undefined) {
      subject = subjectOf(record, rule.exclusions, nowEpoch);
      subjects.set(rule.exclusions, subject);
    }
    prepared.push({ rule, subject, series: summariesFor(rule, subject, summaries) });
  }
  return prepared;
}

function summariesFor(
  rule: Rule,
  subject: Subject,
  cache: Map<string, SeriesSummary | null>,
): (SeriesSummary | null)[] {
  const w = rule.windows;
  return rule.metrics.map((metric) => {
    const key = `${metric.metric}/${metric.statistic}/${metric.periodSeconds}/${w.nominationDays}/${w.confidenceDays}/${w.extendedDays}/${w.lookbackDays}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const series = seriesFor(subject.record.metrics, metric);
    const summary = series === null ? null : summarise(series, subject.endEpoch, w);
    cache.set(key, summary);
    return summary;
  });
}

function subjectOf(record: AssetRecord, exclusions: RuleExclusions, nowEpoch: number): Subject {
  const observed = epoch(record.observedAt);
  const created = createdAt(record);
  const unknowns: string[] = [];
  if (record.posture === null) unknowns.push('posture-unknown');
  if (record.cmdb === null) unknowns.push('cmdb-unknown');
  return {
    record,
    ageDays: created === null ? -1 : (nowEpoch - epoch(created)) / DAY_SECONDS,
    recordAgeHours: (nowEpoch - observed) / 3600,
    endEpoch: Math.min(observed, nowEpoch),
    exclusions: exclusionsOf(record, exclusions),
    unknowns,
  };
}

/** The inventory's date, else the cloud's own. An instance's launch time moves on restart: too young, never too old. */
function createdAt(record: AssetRecord): string | null {
  if (record.asset.createdAt !== null) return record.asset.createdAt;
  const facts = record.facts;
  if (facts === null) return null;
  switch (facts.resourceType) {
    case 'AWS::EC2::Instance':
      return facts.launchTime;
    case 'AWS::EC2::Volume':
      return facts.createTime;
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return facts.createdTime;
    case 'AWS::EC2::EIP':
      return null;
  }
}

/** Epoch seconds of an ISO instant. */
export function epoch(iso: string): number {
  return Date.parse(iso) / 1000;
}
