import type { MetricsQueryResult } from '@azure/monitor-query-metrics';
import pLimit from 'p-limit';
import type { AzureClients } from '../../cloud/azure/clients.ts';
import { isProviderError, ProviderError } from '../../../ports/errors.ts';
import { mapAzureError } from '../../cloud/azure/errors.ts';
import type { MetricAnswer, MetricRequest, MetricWindow, UtilisationPort } from '../../../ports/utilisation.ts';
import { type Batch, batchesOf, grainOf } from './batches.ts';
import { collectSeries } from '../shared/collected.ts';
import { gridOf } from '../shared/grid.ts';
import { seriesOf } from './series.ts';

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
      batches.map((batch) => limit(async () => ({ batch, ...(await queryEach(clients, window, batch)) }))),
    );
    const collected = collectSeries();
    const grid = gridOf(window);
    for (const { batch, results, refused } of answers) {
      const byId = new Map(results.map((result) => [result.resourceId?.toLowerCase() ?? '', result]));
      for (const request of batch.requests) {
        const { assetKey } = request.asset;
        const { series, problem } = seriesOf(request, { window, grid, result: byId.get(assetKey) });
        collected.add(assetKey, series);
        const why = refused.get(assetKey) ?? problem;
        if (why !== null) collected.fail(assetKey, why);
      }
    }
    return collected.answer(answers.reduce((sum, answer) => sum + answer.calls, 0));
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

interface Queried {
  readonly results: readonly MetricsQueryResult[];
  /** Resources that Azure would not answer for, with its reason. */
  readonly refused: ReadonlyMap<string, string>;
  readonly calls: number;
}

/**
 * One resource that is gone, or odd, fails the whole call: then halves are asked, until it is alone with the reason.
 * @throws ProviderError when every single one is refused: then it is not the resources
 */
async function queryEach(clients: AzureClients, window: MetricWindow, batch: Batch): Promise<Queried> {
  try {
    return { results: await query(clients, window, batch), refused: new Map(), calls: 1 };
  } catch (error) {
    const { resourceIds } = batch;
    if (resourceIds.length === 1 || !ABOUT_A_RESOURCE.some((kind) => isProviderError(error, kind))) throw error;
    const middle = Math.ceil(resourceIds.length / 2);
    const halves = [resourceIds.slice(0, middle), resourceIds.slice(middle)];
    const parts = await Promise.all(
      halves.map((ids) =>
        queryEach(clients, window, { ...batch, resourceIds: ids }).catch((e: unknown) => failed(e, ids)),
      ),
    );
    if (parts.every((part) => part.results.length === 0)) throw error;
    return {
      results: parts.flatMap((part) => part.results),
      refused: new Map(parts.flatMap((part) => [...part.refused])),
      calls: parts.reduce((sum, part) => sum + part.calls, 1),
    };
  }
}

const ABOUT_A_RESOURCE = ['terminal', 'not-found', 'malformed'] as const;

function failed(error: unknown, ids: readonly string[]): Queried {
  if (!(error instanceof ProviderError) || !ABOUT_A_RESOURCE.some((kind) => kind === error.kind)) throw error;
  return { results: [], refused: new Map(ids.map((id) => [id, error.message])), calls: 1 };
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
    throw mapAzureError(error, operation, { provider: 'azure-monitor' });
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
