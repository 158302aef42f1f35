import { keyOf } from '../random.ts';
import type { MetricGenerator } from '../types.ts';
import { type Measure, measure } from './measures.ts';
import { shapeOf } from './shape-of.ts';
import { steady } from './steady.ts';

const HOUR = 3600;
type Query = Parameters<MetricGenerator>[1];

/**
 * Metric values as a pure function of seed, asset name and epoch hour (and of `busySince`). Null before the asset was
 * created, after `nowEpoch`, and for metrics the asset does not publish.
 */
export function createMetricGenerator(
  seed: number,
  seededAt: number,
  busySince: ReadonlyMap<string, number>,
): MetricGenerator {
  return (asset, query) => {
    const count = Math.max(0, Math.ceil((query.endEpoch - query.startEpoch) / query.periodSeconds));
    const values = Array.from<number | null>({ length: count }).fill(null);
    const hourly = measure(asset, query.metric);
    if (!hourly) return values;
    const key = keyOf(seed, asset.name);
    const shape = shapeOf(asset);
    const born = seededAt - asset.createdDaysAgo * 86_400;
    const busyFrom = busySince.get(asset.name) ?? Number.POSITIVE_INFINITY;
    const step = Math.min(HOUR, query.periodSeconds);
    for (let i = 0; i < count; i++) {
      const from = query.startEpoch + i * query.periodSeconds;
      const to = Math.min(from + query.periodSeconds, query.nowEpoch);
      let sum = 0;
      let peak = 0;
      let low = Number.POSITIVE_INFINITY;
      let parts = 0;
      for (let t = from; t < to; t += step) {
        if (t + step <= born) continue;
        const value = hourly.read(t + step > busyFrom ? steady : shape, key, Math.floor(t / HOUR));
        if (value === null) continue;
        parts++;
        sum += value;
        peak = Math.max(peak, value);
        low = Math.min(low, value);
      }
      if (parts > 0) values[i] = statistic(query, hourly.kind, { sum, peak, low, parts, step });
    }
    return values;
  };
}

interface Window {
  readonly sum: number;
  readonly peak: number;
  readonly low: number;
  readonly parts: number;
  /** Seconds of one part. */
  readonly step: number;
}

/** A datapoint every five minutes, as basic monitoring sends it; a gauge's mean is a bit under half of its peak. */
const SAMPLE = 300;
const MEAN_OF_PEAK = 0.45;

function statistic(query: Query, kind: Measure['kind'], w: Window): number {
  if (kind === 'level') return { Minimum: w.low, Maximum: w.peak }[query.statistic as string] ?? w.sum / w.parts;
  const samples = (w.parts * Math.max(w.step, SAMPLE)) / SAMPLE;
  const share = w.step / HOUR;
  switch (query.statistic) {
    case 'SampleCount':
      return samples;
    case 'Maximum':
      return kind === 'gauge' ? w.peak : (w.peak * SAMPLE) / HOUR;
    case 'Minimum':
      return kind === 'gauge' ? w.low * 0.25 : (w.low * SAMPLE) / HOUR;
    case 'Average':
      return kind === 'gauge' ? (w.sum / w.parts) * MEAN_OF_PEAK : (w.sum * share) / samples;
    case 'Sum':
      return kind === 'gauge' ? (w.sum / w.parts) * MEAN_OF_PEAK * samples : w.sum * share;
  }
}
