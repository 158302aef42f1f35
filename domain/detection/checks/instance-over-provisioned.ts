import type { RuleOf } from '../../../schemas/rules.ts';
import { loadOf, smallerType } from '../../sizing.ts';
import { confidenceOf } from '../confidence.ts';
import { allDoubts, isWhole, metricName } from '../metric-guard.ts';
import type { Prepared, WindowName } from '../types.ts';
import { active, evidence, type Finding, poorest, undetermined } from '../verdict.ts';

/**
 * Half the size would carry the load: P99 of CPU and memory, doubled, still leaves the headroom. Memory must be known, and
 * the next smaller size of the family must fit, whatever its share.
 */
export function checkInstanceOverProvisioned(
  p: Prepared<RuleOf<'instance-over-provisioned'>>,
  name: WindowName,
): Finding {
  const facts = p.subject.record.facts;
  if (facts === null || facts.kind !== 'instance') return undetermined(['facts-missing']);
  if (facts.state !== 'running') return undetermined([`not-applicable:state-${facts.state}`]);
  const t = p.rule.thresholds;
  const cpu = p.series[0] ?? null;
  const memory = p.series[1] ?? null;
  const windowDays = name === 'nomination' ? p.rule.windows.nominationDays : p.rule.windows.confidenceDays;
  const windows = [cpu, memory].flatMap((s) => (s === null ? [] : [s[name]]));
  const over = {
    windowDays,
    coverage: poorest(windows.length === 2 ? windows : []),
    evidence: [
      ...(cpu === null || cpu[name].observed === 0
        ? []
        : [
            evidence({
              code: 'cpu-p99',
              metric: metricName(p.rule, 0),
              statistic: 'p99',
              value: cpu[name].p99,
              threshold: t.cpuP99Percent,
              unit: 'Percent',
            }),
          ]),
      ...(memory === null || memory[name].observed === 0
        ? []
        : [
            evidence({
              code: 'memory-p99',
              metric: metricName(p.rule, 1),
              statistic: 'p99',
              value: memory[name].p99,
              threshold: t.memoryP99Percent,
              unit: 'Percent',
            }),
          ]),
    ],
  };
  // Whatever the configured limits, a machine of half the size must keep its headroom.
  const fits = (1 - t.headroomRatio) * 50;
  const load: string[] = [];
  if (cpu !== null && cpu[name].observed > 0) {
    // The peak of the whole month counts: a rightsized machine has to survive month-end too.
    const peak = name === 'confidence' ? cpu.lookback.max : cpu.nomination.max;
    if (cpu[name].p99 > Math.min(t.cpuP99Percent, fits)) load.push('cpu-p99-needs-this-size');
    if (peak >= t.cpuMaxPercent) load.push('cpu-peak-needs-this-size');
  }
  if (memory !== null && memory[name].observed > 0 && memory[name].p99 > Math.min(t.memoryP99Percent, fits))
    load.push('memory-needs-this-size');
  if (load.length > 0) return active(load, over);

  const isNomination = name === 'nomination';
  const doubts = allDoubts(p, name);
  if (cpu === null || memory === null || doubts.length > 0) return undetermined(doubts, over);
  // The next size is not always half of this one, and a burstable one delivers less than it shows.
  const { record } = p.subject;
  const smaller = smallerType(record, { load: loadOf(cpu, memory), steps: 1, headroom: t.headroomRatio });
  if (smaller === 'unknown') return undetermined(['size-unknown'], over);
  if (smaller === null) return active(['no-smaller-size-fits'], over);
  const reasons = ['a-smaller-size-is-enough', ...p.subject.unknowns];
  const month = !isNomination && isWhole(p.rule, cpu.extended) && isWhole(p.rule, memory.extended);
  const confidence = confidenceOf(
    isNomination ? 'nomination' : month ? 'extended' : 'confidence',
    over.coverage.ratio,
    reasons,
  );
  return {
    ...over,
    windowDays: month ? p.rule.windows.extendedDays : windowDays,
    verdict: 'idle',
    confidence,
    reasons,
  };
}
