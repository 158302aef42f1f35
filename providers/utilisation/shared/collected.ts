import type { MetricAnswer } from '../../../ports/utilisation.ts';
import type { MetricSeries } from '../../../schemas/metrics.ts';

/** Series of many assets, as batches bring them. One asset's trouble is its own. */
export interface Collected {
  add(assetKey: string, series: MetricSeries): void;
  /** Its series are not whole, with the source's word for it; the first word stands. */
  fail(assetKey: string, why: string): void;
  answer(requests: number): MetricAnswer;
}

/** @param keep whether series that are not whole for this reason are of use all the same */
export function collectSeries(keep: (why: string) => boolean = () => false): Collected {
  const series = new Map<string, MetricSeries[]>();
  const incomplete = new Map<string, string>();
  return {
    add(assetKey, one) {
      const known = series.get(assetKey);
      if (known) known.push(one);
      else series.set(assetKey, [one]);
    },
    fail(assetKey, why) {
      if (!incomplete.has(assetKey)) incomplete.set(assetKey, why);
    },
    answer(requests) {
      for (const [assetKey, why] of incomplete) if (!keep(why)) series.delete(assetKey);
      return { series, incomplete, requests };
    },
  };
}
