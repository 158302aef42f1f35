import type { Evidence } from '../../../schemas/detection.ts';
import type { RuleOf } from '../../../schemas/rules.ts';
import { confidenceOf } from '../confidence.ts';
import { allDoubts, isWhole, metricName } from '../metric-guard.ts';
import { peakPattern } from '../periodic.ts';
import type { Prepared, SeriesSummary, WindowName } from '../types.ts';
import { active, evidence, type Finding, poorest, undetermined } from '../verdict.ts';

type DatabaseRule = RuleOf<'database-idle'>;

interface Measured {
  /** Null where the provider counts no connections. */
  readonly connections: SeriesSummary | null;
  readonly cpu: SeriesSummary | null;
  readonly name: WindowName;
}

/**
 * Nobody connected, and the server has nothing to do. Where the provider counts no connections, the load alone has to
 * tell, and then load that comes back speaks against it as it does for a machine. Replicas and the like are excluded.
 */
export function checkDatabaseIdle(p: Prepared<DatabaseRule>, name: WindowName): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.kind !== 'database') return undetermined(['facts-missing']);
  if (facts.state === 'stopped' || facts.state === 'deleted')
    return undetermined([`not-applicable:state-${facts.state}`]);
  if (facts.state !== 'available') return undetermined([`state-not-available:${facts.state}`]);

  const counts = p.rule.thresholds.maxConnections !== undefined;
  const m: Measured = {
    connections: counts ? (p.series[0] ?? null) : null,
    cpu: p.series[counts ? 1 : 0] ?? null,
    name,
  };
  const windows = p.series.flatMap((s) => (s === null ? [] : [s[name]]));
  const over = {
    windowDays: name === 'nomination' ? p.rule.windows.nominationDays : p.rule.windows.confidenceDays,
    coverage: poorest(windows.length === p.rule.metrics.length ? windows : []),
    evidence: shown(p.rule, m),
  };
  const load = loadReasons(p.rule, m);
  if (load.length > 0) return active(load, over);
  const doubts = allDoubts(p, name);
  if (m.cpu === null || doubts.length > 0) return undetermined(doubts, over);

  const reasons = [counts ? 'no-connections' : 'cpu-below-thresholds'];
  if (name === 'nomination')
    return { ...over, verdict: 'idle', confidence: confidenceOf('nomination', over.coverage.ratio, reasons), reasons };
  return settled(p, { ...m, cpu: m.cpu }, { over, reasons });
}

/** The window is quiet and whole: what was before it. */
function settled(
  p: Prepared<DatabaseRule>,
  m: Measured & { readonly cpu: SeriesSummary },
  found: { over: Pick<Finding, 'windowDays' | 'coverage' | 'evidence'>; reasons: string[] },
): Finding {
  const t = p.rule.thresholds;
  const before =
    t.maxConnections === undefined
      ? m.cpu.lookback.max >= t.cpuMaxPercent
      : (m.connections?.lookback.max ?? 0) > t.maxConnections;
  if (before) return undetermined(['load-before-confidence-window'], found.over);
  const reasons = [...found.reasons, ...p.subject.unknowns];
  if (t.maxConnections === undefined) {
    const pattern = peakPattern(m.cpu, t);
    if (pattern === 'irregular') return undetermined(['irregular-peaks'], found.over);
    if (pattern === 'isolated') reasons.push('isolated-peak');
    reasons.push('connections-not-counted');
  }
  const month = p.series.every((s) => s !== null && isWhole(p.rule, s.extended));
  return {
    ...found.over,
    windowDays: month ? p.rule.windows.extendedDays : found.over.windowDays,
    verdict: 'idle',
    confidence: confidenceOf(month ? 'extended' : 'confidence', found.over.coverage.ratio, reasons),
    reasons,
  };
}

function loadReasons(rule: DatabaseRule, { connections, cpu, name }: Measured): string[] {
  const t = rule.thresholds;
  const reasons: string[] = [];
  if (t.maxConnections !== undefined && connections !== null && connections[name].max > t.maxConnections)
    reasons.push('connections-seen');
  if (cpu === null || cpu[name].observed === 0) return reasons;
  if (cpu[name].max >= t.cpuMaxPercent) reasons.push('cpu-peak-above-threshold');
  if (cpu[name].p95 >= t.cpuP95Percent) reasons.push('cpu-p95-above-threshold');
  if (t.maxConnections === undefined && name === 'confidence') {
    const pattern = peakPattern(cpu, t);
    if (pattern === 'daily' || pattern === 'weekly' || pattern === 'month-end')
      reasons.push(`periodic-peak:${pattern}`);
  }
  return reasons;
}

function shown(rule: DatabaseRule, { connections, cpu, name }: Measured): Evidence[] {
  const t = rule.thresholds;
  const all: Evidence[] = [];
  if (t.maxConnections !== undefined && connections !== null && connections[name].observed > 0)
    all.push(
      evidence({
        code: 'connections-max',
        metric: metricName(rule, 0),
        statistic: 'Maximum',
        value: connections[name].max,
        threshold: t.maxConnections,
        unit: 'Count',
      }),
    );
  if (cpu === null || cpu[name].observed === 0) return all;
  const metric = metricName(rule, rule.metrics.length - 1);
  const { p95, max } = cpu[name];
  const figures = [
    ['cpu-p95', 'p95', p95, t.cpuP95Percent],
    ['cpu-max', 'Maximum', max, t.cpuMaxPercent],
  ] as const;
  for (const [code, statistic, value, threshold] of figures)
    all.push(evidence({ code, metric, statistic, value, threshold, unit: 'Percent' }));
  return all;
}
