import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { MetricRequest } from '../../../ports/utilisation.ts';
import { PART, SOURCES, type Source } from './sources.ts';

/** Google takes long filters, but how long it does not say; this is what it takes for alerts. */
const MAX_FILTER = 2048;
/** Values of one `one_of`. */
const MAX_VALUES = 100;

/** One metric of so many assets of one type. */
export interface Batch {
  readonly source: Source;
  readonly metric: string;
  readonly statistic: MetricRequest['statistic'];
  readonly filter: string;
  readonly requests: readonly MetricRequest[];
}

/** As few calls as the limits allow. @throws ProviderError terminal for a type that has no series here */
export function batchesOf(requests: readonly MetricRequest[]): Batch[] {
  const groups = Map.groupBy(requests, (r) => [r.asset.resourceType, r.metric, r.statistic].join(' '));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const source = SOURCES[first.asset.resourceType];
    if (source === undefined)
      throw new ProviderError({
        kind: ProviderErrorKind.Terminal,
        provider: 'cloud-monitoring',
        operation: 'timeSeries.list',
        message: `${first.asset.resourceType} has no known time series; leave it out of the rules that ask for metrics`,
      });
    const { metric, statistic } = first;
    return parts(group, source).map(
      (part): Batch => ({ source, metric, statistic, filter: filterOf(part, source), requests: part }),
    );
  });
}

function parts(group: readonly MetricRequest[], source: Source): MetricRequest[][] {
  const all: MetricRequest[][] = [];
  let current: MetricRequest[] = [];
  for (const request of group) {
    const wider = [...current, request];
    if (current.length > 0 && (wider.length > MAX_VALUES || filterOf(wider, source).length > MAX_FILTER)) {
      all.push(current);
      current = [request];
    } else current = wider;
  }
  if (current.length > 0) all.push(current);
  return all;
}

function filterOf(requests: readonly MetricRequest[], source: Source): string {
  const metric = requests[0]?.metric ?? '';
  const values = [...new Set(requests.map((r) => source.valueOf(r.asset)))].map(quoted);
  const part = PART[metric];
  return [
    `metric.type = ${quoted(metric)}`,
    `resource.type = ${quoted(source.resource)}`,
    `${source.label} = ${values.length === 1 ? values[0] : `one_of(${values.join(',')})`}`,
    ...(part === undefined ? [] : [part]),
  ].join(' AND ');
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
