import type { RuleOf } from '../../../schemas/rules.ts';
import { confidenceOf } from '../confidence.ts';
import { allDoubts, metricName } from '../metric-guard.ts';
import type { Prepared, WindowName } from '../types.ts';
import { active, evidence, type Finding, poorest, undetermined } from '../verdict.ts';

/** Attached and never read or written. Reported only: what hangs on a running machine is the machine's business. */
export function checkVolumeIdleIo(p: Prepared<RuleOf<'volume-idle-io'>>, name: WindowName): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.kind !== 'volume') return undetermined(['facts-missing']);
  if (facts.state !== 'in-use') return undetermined([`not-applicable:state-${facts.state}`]);
  const reads = p.series[0] ?? null;
  const writes = p.series[1] ?? null;
  const windows = [reads, writes].flatMap((s) => (s === null ? [] : [s[name]]));
  const limit = p.rule.thresholds.maxOperations;
  const operations = windows.reduce((sum, w) => sum + w.sum, 0);
  const over = {
    windowDays: name === 'nomination' ? p.rule.windows.nominationDays : p.rule.windows.confidenceDays,
    coverage: poorest(windows.length === 2 ? windows : []),
    evidence: [
      evidence({
        code: 'volume-operations',
        metric: `${metricName(p.rule, 0)}+${metricName(p.rule, 1)}`,
        statistic: 'Sum',
        value: windows.length === 0 ? null : operations,
        threshold: limit,
        unit: 'Count',
      }),
    ],
  };
  if (operations > limit) return active(['volume-operations-seen'], over);
  const isNomination = name === 'nomination';
  const doubts = allDoubts(p, name);
  if (doubts.length > 0) return undetermined(doubts, over);
  const reasons = ['no-volume-operations', ...p.subject.unknowns];
  const confidence = confidenceOf(isNomination ? 'nomination' : 'confidence', over.coverage.ratio, reasons);
  return { ...over, verdict: 'idle', confidence, reasons };
}
