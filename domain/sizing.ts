import type { AssetRecord } from '../schemas/detection.ts';
import type { Rule, RuleMetric } from '../schemas/rules.ts';
import { cloudOf } from './clouds/index.ts';
import type { InstanceShape } from './clouds/port.ts';
import { seriesFor, summarise } from './detection/summarise.ts';
import type { SeriesSummary } from './detection/types.ts';
import { asRead } from './detection/units.ts';

/** What a machine needed over all of its history, as shares of its own size. Percent. */
export interface Load {
  readonly cpuP95: number;
  readonly cpuP99: number;
  readonly cpuMax: number;
  /** Null: no agent tells. */
  readonly memoryMax: number | null;
}

/** Used memory is not all of it: the smaller machine keeps a fifth on top. */
const MEMORY_FACTOR = 1.2;
export const CPU_HEADROOM = 0.2;

/** The load of the whole look-back: a smaller machine has to survive month-end, too. */
export function loadOf(cpu: SeriesSummary, memory: SeriesSummary | null): Load {
  const { p95, p99, max } = cpu.lookback;
  const known = memory !== null && memory.lookback.observed > 0;
  return { cpuP95: p95, cpuP99: p99, cpuMax: max, memoryMax: known ? memory.lookback.max : null };
}

/**
 * Would `to` carry what `from` did? The cores that were busy leave the headroom and are never more than there are; memory
 * fits; and what a burstable size delivers all the time covers what was used all the time.
 */
export function fits(q: { from: InstanceShape; to: InstanceShape; load: Load; headroom?: number }): boolean {
  const { from, to, load, headroom = CPU_HEADROOM } = q;
  const cores = (percent: number): number => (percent / 100) * from.vcpus;
  const baseline = (to.vcpus * (to.baselinePercent ?? 100)) / 100;
  return (
    to.architecture === from.architecture &&
    cores(load.cpuP99) <= to.vcpus * (1 - headroom) &&
    cores(load.cpuMax) <= to.vcpus &&
    cores(load.cpuP95) <= baseline &&
    (load.memoryMax === null || (load.memoryMax / 100) * from.memoryGiB * MEMORY_FACTOR <= to.memoryGiB)
  );
}

/** The smallest of the next `steps` sizes of a family (smallest first) that still fits; null when none does. */
export function nextSmaller(
  family: readonly InstanceShape[],
  q: { readonly instanceType: string; readonly steps: number; readonly fits: (shape: InstanceShape) => boolean },
): InstanceShape | null {
  const at = family.findIndex((s) => s.instanceType === q.instanceType);
  return at < 0 ? null : (family.slice(Math.max(0, at - q.steps), at).find(q.fits) ?? null);
}

/** Null: none fits. `unknown`: the size or the architecture is not one we know. */
export function smallerType(
  { asset, facts }: Pick<AssetRecord, 'asset' | 'facts'>,
  q: { readonly load: Load; readonly steps: number; readonly headroom?: number },
): InstanceShape | null | 'unknown' {
  if (facts?.kind !== 'instance') return 'unknown';
  const cloud = cloudOf(asset.provider);
  const from = cloud?.shapeOf(facts.instanceType) ?? null;
  if (cloud === null || from === null) return 'unknown';
  if (facts.architecture !== null && facts.architecture !== from.architecture) return 'unknown';
  const { load, headroom } = q;
  const { instanceType } = facts;
  return nextSmaller(cloud.familyOf(instanceType), {
    instanceType,
    steps: q.steps,
    fits: (to) => fits({ from, to, load, ...(headroom !== undefined && { headroom }) }),
  });
}

/**
 * What to change the machine of an opportunity to: one size down for a machine that works or whose memory use is unknown,
 * two for one that does not. The series are those the rules about its type read.
 */
export function resizeTarget(record: AssetRecord, rule: Rule, rules: readonly Rule[]): string | null {
  if (record.facts?.kind !== 'instance' || record.facts.state !== 'running') return null;
  const sized = rules.find((r) => r.check === 'instance-over-provisioned' && r.resourceType === rule.resourceType);
  const cpu = summaryOf(record, sized ?? rule, 0);
  if (cpu === null || cpu.lookback.observed === 0) return null;
  const load = loadOf(cpu, sized === undefined ? null : summaryOf(record, sized, 1));
  const headroom = sized?.check === 'instance-over-provisioned' ? sized.thresholds.headroomRatio : CPU_HEADROOM;
  const steps = rule.kind === 'rightsize' || load.memoryMax === null ? 1 : 2;
  const target = smallerType(record, { load, steps, headroom });
  return target === null || target === 'unknown' ? null : target.instanceType;
}

function summaryOf(record: AssetRecord, rule: Rule, index: number): SeriesSummary | null {
  const metric: RuleMetric | undefined = rule.metrics[index];
  const series = metric === undefined ? null : seriesFor(record.metrics, metric);
  if (metric === undefined || series === null) return null;
  return summarise(asRead(series, metric), Date.parse(record.observedAt) / 1000, rule.windows);
}
