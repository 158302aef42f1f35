import type { Evidence } from '../../../schemas/detection.ts';
import type { RuleOf } from '../../../schemas/rules.ts';
import { DAY_SECONDS, seesMonthTurn } from '../calendar.ts';
import { confidenceOf } from '../confidence.ts';
import { acceleratorDoubts, acceleratorEvidence, acceleratorLoad } from './accelerator-use.ts';
import { allDoubts, isWhole, metricName } from '../metric-guard.ts';
import { peakPattern } from '../periodic.ts';
import type { Prepared, SeriesSummary, WindowName, WindowStats } from '../types.ts';
import { active, evidence, type Finding, poorest, undetermined } from '../verdict.ts';

type IdleRule = RuleOf<'instance-idle'>;

/** AWS Compute Optimizer calls an instance idle only below this peak; above it we keep our verdict but not our certainty. */
const PEER_PEAK_PERCENT = 5;

/**
 * Idle: p95 and maximum CPU, the network and the accelerators are small over the whole window, nothing periodic hides in it, and the
 * month before does not disagree. Load found anywhere wins over missing data; missing data wins over idleness.
 */
export function checkInstanceIdle(p: Prepared<IdleRule>, name: WindowName): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.kind !== 'instance') return undetermined(['facts-missing']);
  if (facts.state === 'pending') return undetermined(['state-not-running:pending']);
  if (facts.state !== 'running') return undetermined([`not-applicable:state-${facts.state}`]);

  const [cpu, netIn, netOut] = [p.series[0] ?? null, p.series[1] ?? null, p.series[2] ?? null];
  const window = (s: SeriesSummary | null): WindowStats | null => (s === null ? null : s[name]);
  const present = [window(cpu), window(netIn), window(netOut)].filter((w) => w !== null);
  const coverage = poorest(present.length === 3 ? present : []);
  const windowDays = name === 'nomination' ? p.rule.windows.nominationDays : p.rule.windows.confidenceDays;
  const shown = [...measured(p.rule, cpu, { netIn, netOut, name }), ...acceleratorEvidence(p, name)];
  const over = { windowDays, coverage, evidence: shown };

  const load = [...loadReasons(p.rule, cpu, { netIn, netOut, name }), ...acceleratorLoad(p, name)];
  if (load.length > 0) return active(load, over);

  const isNomination = name === 'nomination';
  const doubts = [...allDoubts(p, name), ...acceleratorDoubts(p, facts, name)];
  if (cpu === null || netIn === null || netOut === null || doubts.length > 0) return undetermined(doubts, over);
  const reasons = ['cpu-and-network-below-thresholds'];
  if (isNomination)
    return { ...over, verdict: 'idle', confidence: confidenceOf('nomination', coverage.ratio, reasons), reasons };
  return settled(p, { cpu, netIn, netOut, over, reasons });
}

/** The fortnight is quiet and whole: what the rest of the month adds. */
function settled(
  p: Prepared<IdleRule>,
  s: {
    cpu: SeriesSummary;
    netIn: SeriesSummary;
    netOut: SeriesSummary;
    over: Pick<Finding, 'windowDays' | 'coverage' | 'evidence'>;
    reasons: string[];
  },
): Finding {
  const t = p.rule.thresholds;
  const earlier =
    s.cpu.lookback.max >= t.cpuMaxPercent ||
    s.cpu.extended.p95 >= t.cpuP95Percent ||
    s.netIn.lookback.maxDaySum + s.netOut.lookback.maxDaySum >= t.networkMaxDayBytes ||
    p.accelerators.some(({ summary }) => summary.lookback.max >= t.acceleratorMaxPercent);
  if (earlier) return undetermined(['load-before-confidence-window'], s.over);
  const pattern = peakPattern(s.cpu, t);
  if (pattern === 'irregular') return undetermined(['irregular-peaks'], s.over);

  const month = [s.cpu, s.netIn, s.netOut].every((x) => isWhole(p.rule, x.extended));
  const coverage = month ? poorest([s.cpu.extended, s.netIn.extended, s.netOut.extended]) : s.over.coverage;
  const windowDays = month ? p.rule.windows.extendedDays : s.over.windowDays;
  const reasons = [...s.reasons, ...p.subject.unknowns];
  if (pattern === 'isolated') reasons.push('isolated-peak');
  if (s.cpu.lookback.max >= PEER_PEAK_PERCENT) reasons.push('peak-above-5-percent');
  const end = p.subject.endEpoch;
  const all = [s.cpu, s.netIn, s.netOut].every((x) => isWhole(p.rule, x.lookback));
  const seenDays = all ? p.rule.windows.lookbackDays : windowDays;
  if (!seesMonthTurn(end - seenDays * DAY_SECONDS, end)) reasons.push('month-end-not-observed');
  const confidence = confidenceOf(month ? 'extended' : 'confidence', coverage.ratio, reasons);
  return { verdict: 'idle', confidence, windowDays, coverage, evidence: s.over.evidence, reasons };
}

interface Others {
  readonly netIn: SeriesSummary | null;
  readonly netOut: SeriesSummary | null;
  readonly name: WindowName;
}

/** Measured work, from whatever samples there are: half a series with a peak in it is still a peak. */
function loadReasons(rule: IdleRule, cpu: SeriesSummary | null, o: Others): string[] {
  const t = rule.thresholds;
  const reasons: string[] = [];
  if (cpu !== null && cpu[o.name].observed > 0) {
    if (cpu[o.name].max >= t.cpuMaxPercent) reasons.push('cpu-peak-above-threshold');
    if (cpu[o.name].p95 >= t.cpuP95Percent) reasons.push('cpu-p95-above-threshold');
    if (o.name === 'confidence') {
      const pattern = peakPattern(cpu, t);
      if (pattern === 'daily' || pattern === 'weekly' || pattern === 'month-end')
        reasons.push(`periodic-peak:${pattern}`);
    }
  }
  const network = networkOf(o);
  if (network.p95Day >= t.networkP95DayBytes || network.maxDay >= t.networkMaxDayBytes)
    reasons.push('network-above-threshold');
  return reasons;
}

/** In plus out. The busiest day of each is added even when they differ: too much, never too little. */
function networkOf(o: Others): { p95Day: number; maxDay: number } {
  const inn = o.netIn?.[o.name];
  const out = o.netOut?.[o.name];
  return {
    p95Day: (inn?.p95DaySum ?? 0) + (out?.p95DaySum ?? 0),
    maxDay: (inn?.maxDaySum ?? 0) + (out?.maxDaySum ?? 0),
  };
}

function measured(rule: IdleRule, cpu: SeriesSummary | null, o: Others): Evidence[] {
  const t = rule.thresholds;
  const all: Evidence[] = [];
  const add = (
    code: string,
    metric: string,
    e: { statistic: string; value: number; threshold: number; unit: string },
  ) => all.push(evidence({ code, metric, ...e }));
  if (cpu !== null && cpu[o.name].observed > 0) {
    const { p95, max } = cpu[o.name];
    add('cpu-p95', metricName(rule, 0), { statistic: 'p95', value: p95, threshold: t.cpuP95Percent, unit: 'Percent' });
    add('cpu-max', metricName(rule, 0), {
      statistic: 'Maximum',
      value: max,
      threshold: t.cpuMaxPercent,
      unit: 'Percent',
    });
  }
  if (o.netIn !== null && o.netOut !== null && o.netIn[o.name].observed > 0) {
    const { p95Day } = networkOf(o);
    const network = { statistic: 'p95 per day', value: p95Day, threshold: t.networkP95DayBytes, unit: 'Bytes' };
    add('network-day', `${metricName(rule, 1)}+${metricName(rule, 2)}`, network);
  }
  return all;
}
