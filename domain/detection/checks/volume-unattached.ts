import type { RuleOf } from '../../../schemas/rules.ts';
import { stateConfidence } from '../confidence.ts';
import { metricName } from '../metric-guard.ts';
import type { Prepared, SeriesSummary, WindowName } from '../types.ts';
import { active, evidence, type Finding, stateCoverage, undetermined } from '../verdict.ts';

/**
 * Attached to nothing, and silent for the whole window. Disks report only while attached: a sample of nought says that it
 * was attached, any operation that somebody used it. No cloud says since when.
 */
export function checkVolumeUnattached(p: Prepared<RuleOf<'volume-unattached'>>, name: WindowName): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.kind !== 'volume') return undetermined(['facts-missing']);
  const over = {
    windowDays: p.rule.thresholds.unattachedDays,
    coverage: stateCoverage(true),
    evidence: [
      evidence({
        code: 'attachments',
        metric: null,
        statistic: null,
        value: facts.attachedInstanceIds.length,
        threshold: 0,
        unit: 'Count',
      }),
    ],
  };
  if (facts.state === 'in-use' || facts.attachedInstanceIds.length > 0) return active(['attached'], over);
  if (facts.state !== 'available') return undetermined([`state-not-available:${facts.state}`], over);
  const reads = p.series[0] ?? null;
  const writes = p.series[1] ?? null;
  const invalid = [reads, writes].flatMap((s, i) =>
    (s?.invalid ?? 0) > 0 ? `metrics-invalid:${metricName(p.rule, i)}` : [],
  );
  if (invalid.length > 0) return undetermined(invalid, over);
  if (operations(reads, name) + operations(writes, name) > 0) return undetermined(['used-recently'], over);
  const days = Math.min(over.windowDays, name === 'nomination' ? p.rule.windows.nominationDays : over.windowDays);
  const known = [reads, writes].filter((s) => s !== null);
  // A sample of nought operations is no silence: somebody had it attached.
  if (known.some((s) => s.lookback.observed > 0 && s.silentDays < days))
    return undetermined(['attached-recently'], over);
  const reasons = ['unattached', ...p.subject.unknowns];
  if (known.length < 2 || known.some((s) => s.askedDays < days)) reasons.push('detached-since-unknown');
  return { ...over, verdict: 'idle', confidence: stateConfidence(p.subject, reasons), reasons };
}

function operations(series: SeriesSummary | null, name: WindowName): number {
  return series === null ? 0 : series[name].sum;
}
