import pLimit from 'p-limit';
import { z } from 'zod';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import type { GcpClients } from '../../cloud/gcp/clients.ts';
import { isProviderError, ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { MetricAnswer, MetricRequest, MetricWindow, UtilisationPort } from '../../../ports/utilisation.ts';
import { type Batch, batchesOf } from './batches.ts';
import { type Grid, gridOf, keyOf, seriesOf, subjectOf, WireSeries } from './series.ts';
import { ALIGNER, REDUCER } from './sources.ts';

export interface CloudMonitoringOptions {
  readonly clients: GcpClients;
  /** Calls in flight at once. @default 4 */
  readonly concurrency?: number;
}

const Page = z.object({
  timeSeries: z.array(WireSeries).nullish(),
  nextPageToken: z.string().nullish(),
  executionErrors: z.array(z.object({ message: z.string().nullish() })).nullish(),
});
const OPERATION = 'timeSeries.list';
/** Most points of an answer. */
const PAGE_POINTS = 100_000;
const MAX_PAGES = 200;

interface Found {
  readonly rows: readonly WireSeries[];
  /** Why the answer cannot be believed. */
  readonly problem: string | null;
  readonly requests: number;
}

/** Utilisation history from Cloud Monitoring: one metric of many assets to a call. */
export function createCloudMonitoring({ clients, concurrency = 4 }: CloudMonitoringOptions): UtilisationPort {
  const fetch = async (window: MetricWindow, requests: readonly MetricRequest[]): Promise<MetricAnswer> => {
    const limit = pLimit(concurrency);
    const grid = gridOf(window);
    const answers = await Promise.all(
      batchesOf(requests).map((batch) =>
        limit(async () => ({ batch, found: await query(clients, { window, grid, batch }) })),
      ),
    );
    const series = new Map<string, readonly MetricSeries[]>();
    const incomplete = new Map<string, string>();
    for (const { batch, found } of answers) {
      const bySubject = Map.groupBy(found.rows, (row) => subjectOf(row, batch.source));
      for (const request of batch.requests) {
        const { assetKey } = request.asset;
        const rows = bySubject.get(keyOf(request, batch.source)) ?? [];
        // Grouped by asset there is one series; several would be a split we did not ask for.
        const problem = found.problem ?? (rows.length > 1 ? 'Split' : null);
        if (problem !== null) incomplete.set(assetKey, problem);
        else series.set(assetKey, [...(series.get(assetKey) ?? []), seriesOf(request, { window, grid, rows })]);
      }
    }
    for (const assetKey of incomplete.keys()) series.delete(assetKey);
    return { series, incomplete, requests: answers.reduce((n, { found }) => n + found.requests, 0) };
  };

  return {
    vendor: 'cloud-monitoring',
    fetch,
    async check() {
      const { projects } = clients.config;
      for (const { projectId } of projects)
        await clients.reading(projectId).call('monitoring', {
          operation: 'metricDescriptors.list',
          path: `/v3/projects/${projectId}/metricDescriptors`,
          params: new URLSearchParams({
            filter: 'metric.type = "compute.googleapis.com/instance/cpu/utilization"',
            pageSize: '1',
          }),
        });
      return `Cloud Monitoring answers for ${projects.length} project(s)`;
    },
  };
}

async function query(
  clients: GcpClients,
  ask: { readonly window: MetricWindow; readonly grid: Grid; readonly batch: Batch },
): Promise<Found> {
  const { window, grid, batch } = ask;
  const params = paramsOf(window, grid, batch);
  const rows: WireSeries[] = [];
  let problem: string | null = null;
  for (let requests = 1; requests <= MAX_PAGES; requests++) {
    const answer = await page(clients, window.accountId, params);
    // A metric that nothing has ever written, such as an agent's, does not exist yet.
    if (answer === null) return { rows, problem, requests };
    rows.push(...(answer.timeSeries ?? []));
    const [failed] = answer.executionErrors ?? [];
    if (failed !== undefined) problem ??= failed.message ?? 'PartialData';
    if (!answer.nextPageToken) return { rows: joined(rows, batch), problem, requests };
    params.set('pageToken', answer.nextPageToken);
  }
  throw malformed(`still another page after ${MAX_PAGES}; gave up`);
}

/** A page may end within a series; the next one goes on with it. */
function joined(rows: readonly WireSeries[], batch: Batch): WireSeries[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify([subjectOf(row, batch.source), row.metric?.labels ?? {}]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : { ...first, points: group.flatMap((row) => row.points ?? []) };
  });
}

function paramsOf(window: MetricWindow, grid: Grid, batch: Batch): URLSearchParams {
  const { label, placeLabel } = batch.source;
  const params = new URLSearchParams({
    filter: batch.filter,
    'interval.startTime': new Date(grid.startMs).toISOString(),
    // Periods are counted back from the end, so the end must lie on the grid.
    'interval.endTime': new Date(grid.startMs + grid.length * grid.periodMs).toISOString(),
    'aggregation.alignmentPeriod': `${window.periodSeconds}s`,
    'aggregation.perSeriesAligner': ALIGNER[batch.statistic],
    'aggregation.crossSeriesReducer': REDUCER[batch.statistic],
    view: 'FULL',
    pageSize: String(PAGE_POINTS),
  });
  for (const field of placeLabel === null ? [label] : [placeLabel, label])
    params.append('aggregation.groupByFields', field);
  return params;
}

async function page(
  clients: GcpClients,
  projectId: string,
  params: URLSearchParams,
): Promise<z.infer<typeof Page> | null> {
  try {
    const path = `/v3/projects/${projectId}/timeSeries`;
    const data = await clients.reading(projectId).call('monitoring', { operation: OPERATION, path, params });
    const parsed = Page.safeParse(data);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw malformed(`${issue?.path.join('.') || 'the answer'} ${issue?.message ?? 'is not as promised'}`);
  } catch (error) {
    if (isProviderError(error, 'not-found') && /metric/i.test(error.message)) return null;
    throw error;
  }
}

function malformed(message: string): ProviderError {
  return new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: 'cloud-monitoring',
    operation: OPERATION,
    message,
  });
}
