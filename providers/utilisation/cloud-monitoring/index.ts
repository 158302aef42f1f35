import pLimit from 'p-limit';
import { z } from 'zod';
import type { GcpClients } from '../../cloud/gcp/clients.ts';
import { isProviderError, ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { MetricAnswer, MetricRequest, MetricWindow, UtilisationPort } from '../../../ports/utilisation.ts';
import { type Batch, batchesOf } from './batches.ts';
import { collectSeries } from '../shared/collected.ts';
import { type Grid, gridOf } from '../shared/grid.ts';
import { keyOf, seriesOf, subjectOf, Subject, WireSeries } from './series.ts';
import { ALIGNER, REDUCER } from './sources.ts';

export interface CloudMonitoringOptions {
  readonly clients: GcpClients;
  /** Calls in flight at once. @default 4 */
  readonly concurrency?: number;
}

const Page = z.object({
  timeSeries: z.array(z.unknown()).nullish(),
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
  /** Why single series cannot be read, by what they are about; under `ANY` where that cannot be read either. */
  readonly refused: ReadonlyMap<string, string>;
  readonly requests: number;
}

const ANY = '*';

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
    const collected = collectSeries();
    for (const { batch, found } of answers) {
      const bySubject = Map.groupBy(found.rows, (row) => subjectOf(row, batch.source));
      for (const request of batch.requests) {
        const { assetKey } = request.asset;
        const rows = bySubject.get(keyOf(request, batch.source)) ?? [];
        // Grouped by asset there is one series; several would be a split we did not ask for.
        const refused = found.refused.get(keyOf(request, batch.source)) ?? found.refused.get(ANY) ?? null;
        const { series, problem } = seriesOf(request, { window, grid, rows });
        const why = found.problem ?? refused ?? (rows.length > 1 ? 'Split' : problem);
        collected.add(assetKey, series);
        if (why !== null) collected.fail(assetKey, why);
      }
    }
    return collected.answer(answers.reduce((n, { found }) => n + found.requests, 0));
  };

  return {
    vendor: 'cloud-monitoring',
    fetch,
    async check() {
      const { projects } = clients.config;
      const hour = 3_600_000;
      const end = Math.floor(Date.now() / hour) * hour;
      for (const { projectId, regions } of projects) {
        const window = { accountId: projectId, region: regions[0] ?? 'global', periodSeconds: 3600 };
        const [start, until] = [new Date(end - hour).toISOString(), new Date(end).toISOString()];
        await fetch({ ...window, start, end: until }, [probe(projectId, window.region)]);
      }
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
  const refused = new Map<string, string>();
  let problem: string | null = null;
  for (let requests = 1; requests <= MAX_PAGES; requests++) {
    const answer = await page(clients, window.accountId, params);
    // A metric that nothing has ever written, such as an agent's, does not exist yet.
    if (answer === null) return { rows, problem, refused, requests };
    for (const node of answer.timeSeries ?? []) addSeries(node, { rows, refused, batch });
    const [failed] = answer.executionErrors ?? [];
    if (failed !== undefined) problem ??= failed.message ?? 'PartialData';
    if (!answer.nextPageToken) return { rows: joined(rows, batch), problem, refused, requests };
    params.set('pageToken', answer.nextPageToken);
  }
  throw malformed(`still another page after ${MAX_PAGES}; gave up`);
}

/** One series that cannot be read costs the asset it is about, or all that were asked for when it does not say whose it is. */
function addSeries(
  node: unknown,
  into: { readonly rows: WireSeries[]; readonly refused: Map<string, string>; readonly batch: Batch },
): void {
  const parsed = WireSeries.safeParse(node);
  if (parsed.success) {
    into.rows.push(parsed.data);
    return;
  }
  const [issue] = parsed.error.issues;
  const subject = Subject.safeParse(node);
  const whose = subject.success ? subjectOf(subject.data, into.batch.source) : ANY;
  into.refused.set(whose, `malformed: ${issue?.path.join('.') || 'the series'} ${issue?.message ?? ''}`);
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

/** A metric of no machine: proves the right to read series, which is another than that to list their names. */
function probe(projectId: string, region: string): MetricRequest {
  const assetKey = `//compute.googleapis.com/projects/${projectId}/zones/${region}-b/instances/idlewise-probe`;
  return {
    asset: {
      assetKey,
      provider: 'gcp',
      accountId: projectId,
      region,
      resourceType: 'compute.googleapis.com/Instance',
      resourceId: assetKey,
    },
    metric: 'compute.googleapis.com/instance/cpu/utilization',
    statistic: 'Maximum',
  };
}
