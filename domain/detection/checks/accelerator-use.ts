import type { Evidence } from '../../../schemas/detection.ts';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import type { RuleOf } from '../../../schemas/rules.ts';
import { hasAccelerators } from '../accelerators.ts';
import { metricDoubts } from '../metric-guard.ts';
import type { Prepared, WindowName } from '../types.ts';
import { evidence } from '../verdict.ts';

type IdleRule = RuleOf<'instance-idle'>;

/** Work of an accelerator is work of the machine, however quiet its processor is. */
export function acceleratorLoad(p: Prepared<IdleRule>, name: WindowName): string[] {
  const limit = p.rule.thresholds.acceleratorMaxPercent;
  return p.accelerators.some(({ summary }) => summary[name].max >= limit) ? ['accelerator-above-threshold'] : [];
}

/** A machine with accelerators is quiet only when they say so. The daily pass does not ask: it has not read them yet. */
export function acceleratorDoubts(p: Prepared<IdleRule>, facts: CloudFacts, name: WindowName): string[] {
  if (!hasAccelerators(facts, p.accelerators)) return [];
  const peaks = p.accelerators.filter((a) => a.showsPeaks);
  if (peaks.length === 0) return name === 'nomination' ? [] : ['metrics-missing:accelerator'];
  return peaks.flatMap(({ metric, summary }) =>
    metricDoubts(p.rule, metric, { series: summary, window: summary[name], isNomination: name === 'nomination' }),
  );
}

export function acceleratorEvidence(p: Prepared<IdleRule>, name: WindowName): Evidence[] {
  const seen = p.accelerators.filter(({ summary }) => summary[name].observed > 0);
  if (seen.length === 0) return [];
  const busiest = seen.reduce((a, b) => (b.summary[name].max > a.summary[name].max ? b : a));
  return [
    evidence({
      code: 'accelerator-max',
      metric: busiest.metric,
      statistic: 'Maximum',
      value: busiest.summary[name].max,
      threshold: p.rule.thresholds.acceleratorMaxPercent,
      unit: 'Percent',
    }),
  ];
}
