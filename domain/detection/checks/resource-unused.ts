import type { Evidence } from '../../../schemas/detection.ts';
import type { RuleLimit, RuleOf } from '../../../schemas/rules.ts';
import { numberOf, read } from '../attribute-value.ts';
import { confidenceOf, stateConfidence } from '../confidence.ts';
import { allDoubts, isWhole } from '../metric-guard.ts';
import type { Prepared, SeriesSummary, WindowName, WindowStats } from '../types.ts';
import { active, evidence, type Finding, poorest, stateCoverage, undetermined } from '../verdict.ts';

type UnusedRule = RuleOf<'resource-unused'>;

/** From this on, evidence counts as a month of it. */
const MONTH_DAYS = 28;

/**
 * Every condition on the configuration holds, and no series shows more than its limit. One condition that fails, or one
 * limit that is passed, speaks for use; anything that is not known makes it undetermined.
 */
export function checkResourceUnused(p: Prepared<UnusedRule>, name: WindowName): Finding {
  const { subject, rule, answers } = p;
  const facts = subject.record.facts;
  if (facts === null) return undetermined(['facts-missing']);
  const { conditions, limits } = rule.thresholds;
  const used: string[] = [];
  const doubts: string[] = [];
  for (let i = 0; i < conditions.length; i++) {
    const answer = answers[i] ?? 'unknown';
    const attribute = conditions[i]?.attribute ?? '';
    if (answer === 'holds') continue;
    if (answer === 'unknown') doubts.push(`attribute-unknown:${attribute}`);
    else if (answer === 'unreadable') doubts.push(`attribute-invalid:${attribute}`);
    else if (attribute === 'facts.state') return undetermined([`not-applicable:state-${facts.state}`]);
    else used.push(`in-use:${attribute}`);
  }
  const over = measured(p, name);
  for (const limit of limits) {
    const series = seriesOf(p, limit);
    const reason = `above-limit:${limit.metric}`;
    if (series !== null && series[name].observed > 0 && series[name][limit.of] > limit.atMost && !used.includes(reason))
      used.push(reason);
  }
  if (used.length > 0) return active(used, over);

  doubts.push(...allDoubts(p, name));
  if (name === 'confidence' && doubts.length === 0 && limits.some((limit) => earlier(p, limit)))
    doubts.push('load-before-confidence-window');
  if (doubts.length > 0) return undetermined(doubts, over);

  const reasons = ['nothing-speaks-for-use', ...subject.unknowns];
  if (facts.kind === 'resource') reasons.push('configuration-copied');
  if (limits.length === 0) return { ...over, verdict: 'idle', confidence: stateConfidence(subject, reasons), reasons };
  const isNomination = name === 'nomination';
  const longest = !isNomination && p.series.every((s) => s !== null && isWhole(rule, s.extended));
  const windowDays = longest ? rule.windows.extendedDays : over.windowDays;
  const base = isNomination ? 'nomination' : windowDays >= MONTH_DAYS ? 'extended' : 'confidence';
  return {
    ...over,
    windowDays,
    verdict: 'idle',
    confidence: confidenceOf(base, over.coverage.ratio, reasons),
    reasons,
  };
}

function measured(p: Prepared<UnusedRule>, name: WindowName): Pick<Finding, 'windowDays' | 'coverage' | 'evidence'> {
  const { windows, thresholds } = p.rule;
  const shown = [...configured(p), ...limited(p, name)];
  if (thresholds.limits.length === 0) return { windowDays: 0, coverage: stateCoverage(true), evidence: shown };
  const known = p.series.flatMap((s) => (s === null ? [] : [s[name]]));
  return {
    windowDays: name === 'nomination' ? windows.nominationDays : windows.confidenceDays,
    coverage: poorest(known.length === p.series.length ? known : []),
    evidence: shown,
  };
}

function seriesOf(p: Prepared<UnusedRule>, limit: RuleLimit): SeriesSummary | null {
  return p.series[p.rule.metrics.findIndex((m) => m.metric === limit.metric)] ?? null;
}

/** More than the limit before the window: nobody knows whether it comes back. A sum is allowed to grow with the days. */
function earlier(p: Prepared<UnusedRule>, limit: RuleLimit): boolean {
  const series = seriesOf(p, limit);
  if (series === null) return false;
  const { lookbackDays, confidenceDays } = p.rule.windows;
  const figure = (window: WindowStats): number => window[limit.of];
  switch (limit.of) {
    case 'max':
    case 'maxDaySum':
      return figure(series.lookback) > limit.atMost;
    case 'sum':
      return figure(series.lookback) > (limit.atMost * lookbackDays) / confidenceDays;
    case 'p95':
    case 'p99':
      return figure(series.extended) > limit.atMost;
  }
}

/** Numbers only: a configuration's texts may be anybody's, and evidence is what a model may be shown. */
function configured(p: Prepared<UnusedRule>): Evidence[] {
  const facts = p.subject.record.facts;
  const all: Evidence[] = [];
  for (const { attribute, atMost, atLeast } of p.rule.thresholds.conditions) {
    const threshold = atMost ?? atLeast;
    if (threshold === undefined || facts === null) continue;
    const value = numberOf(read(facts, attribute));
    all.push(evidence({ code: `attribute:${attribute}`, metric: null, statistic: null, value, threshold, unit: null }));
  }
  return all;
}

function limited(p: Prepared<UnusedRule>, name: WindowName): Evidence[] {
  const all: Evidence[] = [];
  for (const limit of p.rule.thresholds.limits) {
    const series = seriesOf(p, limit);
    if (series === null || series[name].observed === 0) continue;
    all.push(
      evidence({
        code: `limit:${limit.metric}:${limit.of}`,
        metric: limit.metric,
        statistic: limit.of,
        value: series[name][limit.of],
        threshold: limit.atMost,
        unit: null,
      }),
    );
  }
  return all;
}
