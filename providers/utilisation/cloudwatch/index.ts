import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import pLimit from 'p-limit';
import type { AwsAccount } from '../../cloud/aws/section.ts';
import type { AwsClients } from '../../cloud/aws/clients.ts';
import { mapAwsError } from '../../cloud/aws/errors.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { MetricAnswer, MetricRequest, MetricWindow, UtilisationPort } from '../../../ports/utilisation.ts';
import { metricAddress } from './metric-names.ts';
import { type Collected, collectSeries } from '../shared/collected.ts';
import { type Grid, gridOf } from '../shared/grid.ts';
import { addPage, emptySeries, type PartialSeries } from './series.ts';

/** CloudWatch's own limits per call. */
const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;
/** A cursor that never ends is the vendor's fault, not a reason to loop for ever. */
const MAX_PAGES = 200;

export interface CloudWatchOptions {
  readonly clients: AwsClients;
  readonly accounts: readonly AwsAccount[];
  /** Calls in flight at once. @default 4 */
  readonly concurrency?: number;
}

/** Utilisation history from GetMetricData, as few calls as the service's limits allow. */
export function createCloudWatch({ clients, accounts, concurrency = 4 }: CloudWatchOptions): UtilisationPort {
  const fetch = async (window: MetricWindow, requests: readonly MetricRequest[]): Promise<MetricAnswer> => {
    const grid = gridOf(window);
    const limit = pLimit(concurrency);
    const batches = await Promise.all(
      batchesOf(requests, grid).map((batch) => limit(() => fetchBatch(clients, { window, grid, batch }))),
    );
    const collected = collectSeries((why) => why === 'PartialData');
    for (const { batch, series } of batches)
      batch.forEach((request, i) => collect(collected, { request, window, part: series[i] as PartialSeries }));
    return collected.answer(batches.reduce((sum, b) => sum + b.calls, 0));
  };
  return {
    vendor: 'cloudwatch',
    fetch,
    async check() {
      const end = Math.floor(Date.now() / 3_600_000) * 3_600_000;
      for (const { accountId, regions } of accounts) {
        const window = {
          accountId,
          region: regions[0] as string,
          start: new Date(end - 3_600_000).toISOString(),
          end: new Date(end).toISOString(),
          periodSeconds: 3600,
        };
        await fetch(window, [probe(accountId, window.region)]);
      }
      return `CloudWatch answers for ${accounts.length} account(s)`;
    },
  };
}

/** Datapoints, not queries, fill an answer first when the window is long: 300 queries of 14 days by the hour. */
function batchesOf(requests: readonly MetricRequest[], grid: Grid): MetricRequest[][] {
  const size = Math.max(1, Math.min(MAX_QUERIES, Math.floor(MAX_DATAPOINTS / Math.max(1, grid.length))));
  return Array.from({ length: Math.ceil(requests.length / size) }, (_, i) => requests.slice(i * size, (i + 1) * size));
}

async function fetchBatch(
  clients: AwsClients,
  { window, grid, batch }: { window: MetricWindow; grid: Grid; batch: MetricRequest[] },
): Promise<{ batch: MetricRequest[]; series: PartialSeries[]; calls: number }> {
  const client = clients.clientsFor(window).cloudWatch;
  const series = batch.map(() => emptySeries(grid));
  const input = {
    MetricDataQueries: batch.map((request, i) => queryOf(request, window, i)),
    StartTime: new Date(window.start),
    EndTime: new Date(window.end),
    ScanBy: 'TimestampAscending' as const,
    MaxDatapoints: MAX_DATAPOINTS,
  };
  let token: string | undefined;
  for (let calls = 1; calls <= MAX_PAGES; calls++) {
    const answer = await client
      .send(new GetMetricDataCommand({ ...input, NextToken: token }))
      .catch((error: unknown) => {
        throw mapAwsError(error, 'GetMetricData', { provider: 'cloudwatch' });
      });
    for (const result of answer.MetricDataResults ?? []) {
      const target = series[Number(result.Id?.slice(1))];
      if (target) addPage(target, result, grid);
    }
    if (!answer.NextToken) return { batch, series, calls };
    token = answer.NextToken;
  }
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: 'cloudwatch',
    operation: 'GetMetricData',
    message: `still another page after ${MAX_PAGES}; gave up`,
  });
}

function queryOf(request: MetricRequest, window: MetricWindow, index: number): MetricDataQuery {
  const { namespace, dimension } = metricAddress(request);
  return {
    Id: `m${index}`,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: request.metric, Dimensions: [dimension] },
      Period: window.periodSeconds,
      Stat: request.statistic,
    },
  };
}

function collect(
  into: Collected,
  from: { readonly request: MetricRequest; readonly window: MetricWindow; readonly part: PartialSeries },
): void {
  const { request, window, part } = from;
  const { metric, statistic, asset } = request;
  const { unit } = metricAddress(request);
  const { start, periodSeconds } = window;
  into.add(asset.assetKey, { metric, statistic, unit, start, periodSeconds, values: part.values });
  if (part.fault !== null) into.fail(asset.assetKey, part.fault);
  if (part.status !== 'Complete') into.fail(asset.assetKey, part.status ?? 'Missing');
}

/** A metric of no machine: proves credentials and permission, costs next to nothing. */
function probe(accountId: string, region: string): MetricRequest {
  const resourceId = 'i-00000000000000000';
  return {
    asset: {
      assetKey: `arn:aws:ec2:${region}:${accountId}:instance/${resourceId}`,
      provider: 'aws',
      accountId,
      region,
      resourceType: 'AWS::EC2::Instance',
      resourceId,
    },
    metric: 'CPUUtilization',
    statistic: 'Maximum',
  };
}
