import type { MetricsQueryResult } from '@azure/monitor-query-metrics';
import pLimit from 'p-limit';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import type { AzureClients } from '../../cloud/azure/clients.ts';
import { mapAzureError } from '../../cloud/azure/errors.ts';
import type { MetricAnswer, MetricRequest, MetricWindow, UtilisationPort } from '../../../ports/utilisation.ts';
import { type Batch, batchesOf, grainOf } from './batches.ts';
import { gridOf, seriesOf } from './series.ts';

export interface AzureMonitorOptions {
  readonly clients: AzureClients;
  /** Calls in flight at once. @default 4 */
  readonly concurrency?: number;
}

/** Utilisation history from Azure Monitor's batch metrics: fifty resources of one kind and place to a call. */
export function createAzureMonitor({ clients, concurrency = 4 }: AzureMonitorOptions): UtilisationPort {
  const fetch = async (window: MetricWindow, requests: readonly MetricRequest[]): Promise<MetricAnswer> => {
    const limit = pLimit(concurrency);
    const batches = batchesOf(requests);
    const answers = await Promise.all(
      batches.map((batch) => limit(async () => ({ batch, results: await query(clients, window, batch) }))),
    );
    const series = new Map<string, readonly MetricSeries[]>();
    const incomplete = new Map<string, string>();
    const grid = gridOf(window);
    for (const { batch, results } of answers) {
      const byId = new Map(results.map((result) => [result.resourceId?.toLowerCase() ?? '', result]));
      for (const [assetKey, wanted] of Map.groupBy(batch.requests, (r) => r.asset.assetKey)) {
        const result = byId.get(assetKey);
        const read = wanted.map((request) => seriesOf(request, { window, grid, result }));
        const problem = read.find((r) => r.problem !== null)?.problem ?? null;
        if (problem === null) series.set(assetKey, [...(series.get(assetKey) ?? []), ...read.map((r) => r.series)]);
        else incomplete.set(assetKey, problem);
      }
    }
    for (const assetKey of incomplete.keys()) series.delete(assetKey);
    return { series, incomplete, requests: batches.length };
  };
  return {
    vendor: 'azure-monitor',
    fetch,
    async check() {
      const { subscriptions } = clients.config;
      const hour = 3_600_000;
      const end = Math.floor(Date.now() / hour) * hour;
      for (const { subscriptionId, regions } of subscriptions)
        await fetch(
          {
            accountId: subscriptionId,
            region: regions[0] as string,
            start: new Date(end - hour).toISOString(),
            end: new Date(end).toISOString(),
            periodSeconds: 3600,
          },
          [probe(subscriptionId, regions[0] as string)],
        );
      return `Azure Monitor answers for ${subscriptions.length} subscription(s)`;
    },
  };
}

async function query(clients: AzureClients, window: MetricWindow, batch: Batch): Promise<MetricsQueryResult[]> {
  const operation = 'metrics:getBatch';
  const { accountId, region, start, end, periodSeconds } = window;
  const interval = grainOf(periodSeconds);
  try {
    return await clients
      .reading(accountId)
      .metrics(region)
      .queryResources([...batch.resourceIds], [...batch.metrics], batch.namespace, {
        startTime: new Date(start),
        endTime: new Date(end),
        interval,
        aggregation: batch.aggregations.join(','),
      });
  } catch (error) {
    throw mapAzureError(error, operation, 'azure-monitor');
  }
}

/** A metric of no machine: proves credentials and permission. */
function probe(subscriptionId: string, region: string): MetricRequest {
  const assetKey = `/subscriptions/${subscriptionId}/resourcegroups/idlewise/providers/microsoft.compute/virtualmachines/none`;
  return {
    asset: {
      assetKey,
      provider: 'azure',
      accountId: subscriptionId,
      region,
      resourceType: 'Microsoft.Compute/virtualMachines',
      resourceId: assetKey,
    },
    metric: 'Percentage CPU',
    statistic: 'Maximum',
  };
}
