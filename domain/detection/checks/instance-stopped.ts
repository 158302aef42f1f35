import type { InstanceFacts } from '../../../schemas/cloud-facts.ts';
import type { RuleOf } from '../../../schemas/rules.ts';
import { DAY_SECONDS } from '../calendar.ts';
import { stateConfidence } from '../confidence.ts';
import { epoch } from '../prepare.ts';
import type { Prepared, WindowName } from '../types.ts';
import { evidence, type Finding, stateCoverage, undetermined } from '../verdict.ts';

type StoppedRule = RuleOf<'instance-stopped'>;

/**
 * Stopped for long, and still paying: for its disks, or for all of it where a machine is stopped without being given
 * back. Where the cloud does not say since when, silence of the machine's CPU does, if the rule reads it.
 */
export function checkInstanceStopped(p: Prepared<StoppedRule>, name: WindowName): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.kind !== 'instance') return undetermined(['facts-missing']);
  if (facts.state !== (p.rule.thresholds.state ?? 'stopped'))
    return undetermined([`not-applicable:state-${facts.state}`]);
  return facts.stoppedAt === null ? bySilence(p, name) : byDate(p, facts.stoppedAt);
}

function byDate(p: Prepared<StoppedRule>, stoppedAt: NonNullable<InstanceFacts['stoppedAt']>): Finding {
  const limit = p.rule.thresholds.stoppedDays;
  const days = (p.subject.endEpoch - epoch(stoppedAt)) / DAY_SECONDS;
  const over = {
    windowDays: limit,
    coverage: stateCoverage(true),
    evidence: [stoppedDays(Math.floor(days), limit)],
  };
  if (!(days >= limit)) return undetermined(['stopped-recently'], over);
  return idle(p, over, ['stopped-long']);
}

/** No sample at all since the threshold, of a series that was asked for that long. A week's is enough to look closer. */
function bySilence(p: Prepared<StoppedRule>, name: WindowName): Finding {
  const unknown = undetermined(['stopped-since-unknown'], { coverage: stateCoverage(false) });
  const cpu = p.series[0] ?? null;
  if (cpu === null) return unknown;
  const limit = p.rule.thresholds.stoppedDays;
  const days = name === 'nomination' ? Math.min(limit, p.rule.windows.nominationDays) : limit;
  if (cpu.askedDays < days) return unknown;
  const over = { windowDays: days, coverage: stateCoverage(true), evidence: [stoppedDays(days, limit)] };
  if (cpu.invalid > 0 || cpu.silentDays < days) return undetermined(['used-recently'], over);
  return idle(p, over, ['stopped-long', 'stopped-since-by-silence']);
}

function idle(
  p: Prepared<StoppedRule>,
  over: Pick<Finding, 'windowDays' | 'coverage' | 'evidence'>,
  why: string[],
): Finding {
  const reasons = [...why, ...p.subject.unknowns];
  return { ...over, verdict: 'idle', confidence: stateConfidence(p.subject, reasons), reasons };
}

function stoppedDays(value: number, threshold: number): Finding['evidence'][number] {
  return evidence({ code: 'stopped-days', metric: null, statistic: null, value, threshold, unit: 'Days' });
}
