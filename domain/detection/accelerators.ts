import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { MetricSeries } from '../../schemas/metrics.ts';
import { cloudOf } from '../clouds/index.ts';
import { summarise, type SummaryWindows } from './summarise.ts';
import type { AcceleratorSummary } from './types.ts';
import { asRead, unitFactor } from './units.ts';

/**
 * What tells how busy an accelerator is, whoever collects it: the CloudWatch agent (`nvidia_smi_utilization_gpu`), DCGM
 * (`DCGM_FI_DEV_GPU_UTIL`, `DCGM_FI_PROF_GR_ENGINE_ACTIVE`), Neuron (`neuroncore_utilization`), Google's agents and TPUs
 * (`gpu/utilization`, `accelerator/duty_cycle`). Power, clock and temperature tell nothing: they are never nought.
 */
const USE =
  /(nvidia|gpu|dcgm|neuron|accelerator|tpu|habana|gaudi|inferentia|fpga)(?!.*(power|clock|temp|fan|pcie)).*(util|duty_?cycle|active|busy|usage)|(util|usage).*(gpu|neuron|tpu|accelerator)/i;
/** DCGM's profiling counters are shares of one, and name no unit. */
const SHARE = /dcgm_fi_prof_/i;

export function isAcceleratorUse(metric: string): boolean {
  return USE.test(metric);
}

/** A machine with accelerators: by its type, by what was attached to it, or because it reports about them. */
export function hasAccelerators(facts: CloudFacts, seen: readonly AcceleratorSummary[]): boolean {
  if (facts.kind !== 'instance') return false;
  const byType = cloudOf(facts.provider)?.isAccelerated(facts.instanceType) ?? false;
  return byType || (facts.accelerators ?? 0) > 0 || seen.some(({ summary }) => summary.lookback.observed > 0);
}

/** Every series about the use of an accelerator: a machine with eight of them may have eight of one name. */
export function acceleratorsOf(
  metrics: readonly MetricSeries[],
  q: { readonly endEpoch: number; readonly windows: SummaryWindows },
): AcceleratorSummary[] {
  return metrics
    .filter(({ metric }) => isAcceleratorUse(metric))
    .map((series) => {
      const unsaid = /^(none|)$/i.test(series.unit.trim()) && SHARE.test(series.metric);
      const said = unsaid ? { ...series, unit: 'Fraction' } : series;
      const summary = summarise(asRead(said, { unit: 'Percent' }), q.endEpoch, q.windows);
      const unitRefused = summary.invalid > 0 && unitFactor(said.unit, 'Percent') === null;
      return { metric: series.metric, showsPeaks: showsPeaks(series), summary: { ...summary, unitRefused } };
    });
}

/** A peak hides in a mean over an hour; five minutes are what basic monitoring has. */
function showsPeaks({ statistic, periodSeconds }: MetricSeries): boolean {
  return statistic === 'Maximum' || (statistic === 'Average' && periodSeconds <= 300);
}
