import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { MetricRequest } from '../../../ports/utilisation.ts';

/** Azure's own limits per call. */
const MAX_RESOURCES = 50;
const MAX_METRICS = 20;

/** What Azure calls the statistics. */
export const AGGREGATION = {
  Average: 'average',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Sum: 'total',
  SampleCount: 'count',
} as const satisfies Record<MetricRequest['statistic'], string>;

/** The only periods Azure sums up into. */
const GRAINS: Readonly<Record<number, string>> = {
  60: 'PT1M',
  300: 'PT5M',
  900: 'PT15M',
  1800: 'PT30M',
  3600: 'PT1H',
  21_600: 'PT6H',
  43_200: 'PT12H',
  86_400: 'P1D',
};

/** @throws ProviderError terminal for a period Azure does not offer */
export function grainOf(periodSeconds: number): string {
  const grain = GRAINS[periodSeconds];
  if (grain !== undefined) return grain;
  throw new ProviderError({
    kind: ProviderErrorKind.Terminal,
    provider: 'azure-monitor',
    operation: 'metrics:getBatch',
    message: `periodSeconds is ${periodSeconds}; Azure offers ${Object.keys(GRAINS).join(', ')}`,
  });
}

/** One call: all of these metrics of all of these resources, of one type. */
export interface Batch {
  readonly namespace: string;
  readonly resourceIds: readonly string[];
  readonly metrics: readonly string[];
  readonly aggregations: readonly string[];
  readonly requests: readonly MetricRequest[];
}

/** As few calls as the limits allow. Every asset's requests for one set of metrics stay in one call. */
export function batchesOf(requests: readonly MetricRequest[]): Batch[] {
  return [...Map.groupBy(requests, (r) => r.asset.resourceType)].flatMap(([namespace, ofType]) => {
    const metrics = [...new Set(ofType.map((r) => r.metric))];
    return chunks(metrics, MAX_METRICS).flatMap((some) => {
      const wanted = ofType.filter((r) => some.includes(r.metric));
      const byAsset = [...Map.groupBy(wanted, (r) => r.asset.assetKey)];
      return chunks(byAsset, MAX_RESOURCES).map((part) => ({
        namespace,
        resourceIds: part.map(([assetKey]) => assetKey),
        metrics: some,
        aggregations: [...new Set(wanted.map((r) => AGGREGATION[r.statistic]))],
        requests: part.flatMap(([, own]) => own),
      }));
    });
  });
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
