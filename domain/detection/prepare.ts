import type { AssetRecord } from '../../schemas/detection.ts';
import type { MetricSeries } from '../../schemas/metrics.ts';
import type { Rule, RuleExclusions, RuleMetric } from '../../schemas/rules.ts';
import { createdAtOf } from '../facts.ts';
import { acceleratorsOf } from './accelerators.ts';
import { askCondition, type ConditionAnswer } from './attribute-value.ts';
import { DAY_SECONDS } from './calendar.ts';
import { exclusionsOf } from './exclusions.ts';
import { rulesAbout } from './rules-by-type.ts';
import { seriesFor, summarise } from './summarise.ts';
import type { Prepared, SeriesSummary, Subject } from './types.ts';
import { asRead, unitFactor } from './units.ts';

/**
 * Everything slow about a verdict, done once per asset: dates parsed, tags folded, series summarised, conditions asked.
 * Rules that read the same series over the same windows share its summary.
 */
export function prepareAsset(rules: readonly Rule[], record: AssetRecord, now: string): Prepared[] {
  const nowEpoch = epoch(now);
  const summaries = new Map<string, SeriesSummary | null>();
  const subjects = new Map<RuleExclusions, Subject>();
  const prepared: Prepared[] = [];
  for (const rule of rulesAbout(rules, record.asset.resourceType)) {
    let subject = subjects.get(rule.exclusions);
    if (subject === undefined) {
      subject = subjectOf(record, rule.exclusions, nowEpoch);
      subjects.set(rule.exclusions, subject);
    }
    const series = summariesFor(rule, subject, summaries);
    const accelerators =
      rule.check === 'instance-idle'
        ? acceleratorsOf(record.metrics, { endEpoch: subject.endEpoch, windows: rule.windows })
        : NO_ACCELERATORS;
    prepared.push({ rule, subject, series, accelerators, answers: answersTo(rule, subject) });
  }
  return prepared;
}

const NO_ACCELERATORS: Prepared['accelerators'] = [];
const NO_ANSWERS: readonly ConditionAnswer[] = [];

function answersTo(rule: Rule, { record, endEpoch }: Subject): readonly ConditionAnswer[] {
  const { facts } = record;
  if (rule.check !== 'resource-unused' || facts === null) return NO_ANSWERS;
  return rule.thresholds.conditions.map((condition) => askCondition(condition, facts, endEpoch));
}

function summariesFor(
  rule: Rule,
  subject: Subject,
  cache: Map<string, SeriesSummary | null>,
): (SeriesSummary | null)[] {
  const w = rule.windows;
  return rule.metrics.map((metric) => {
    const key = `${metric.metric}/${metric.statistic}/${metric.periodSeconds}/${metric.unit}/${metric.invert ?? false}/${w.nominationDays}/${w.confidenceDays}/${w.extendedDays}/${w.lookbackDays}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const series = seriesFor(subject.record.metrics, metric);
    const summary = series === null ? null : read(series, metric, { endEpoch: subject.endEpoch, windows: w });
    cache.set(key, summary);
    return summary;
  });
}

function read(
  series: MetricSeries,
  metric: RuleMetric,
  q: { readonly endEpoch: number; readonly windows: Rule['windows'] },
): SeriesSummary {
  const summary = summarise(asRead(series, metric), q.endEpoch, q.windows);
  const unitRefused = summary.invalid > 0 && unitFactor(series.unit, metric.unit) === null;
  return unitRefused ? { ...summary, unitRefused } : summary;
}

function subjectOf(record: AssetRecord, exclusions: RuleExclusions, nowEpoch: number): Subject {
  const observed = epoch(record.observedAt);
  const created = createdAt(record);
  const unknowns: string[] = [];
  if (record.posture === null) unknowns.push('posture-unknown');
  if (record.cmdb === null) unknowns.push('cmdb-unknown');
  if ((record.posture?.disagreements?.length ?? 0) > 0 || record.cost?.disagreement !== undefined)
    unknowns.push('sources-disagree');
  return {
    record,
    ageDays: created === null ? -1 : (nowEpoch - epoch(created)) / DAY_SECONDS,
    recordAgeHours: (nowEpoch - observed) / 3600,
    endEpoch: Math.min(observed, nowEpoch),
    exclusions: exclusionsOf(record, exclusions),
    unknowns,
  };
}

/** The inventory's date, else the cloud's own. */
function createdAt({ asset, facts }: AssetRecord): string | null {
  return asset.createdAt ?? (facts === null ? null : createdAtOf(facts));
}

/** Epoch seconds of an ISO instant. */
export function epoch(iso: string): number {
  return Date.parse(iso) / 1000;
}
