import { Decimal } from 'decimal.js';
import type { BillRow } from './bill.ts';
import { billOfDay, CostService } from './bill.ts';
import { CostQuery, filteredValues, type Group, groupRows, passes, totals, validation } from './cost-query.ts';
import { AwsError } from './errors.ts';
import type { AwsCall } from './request.ts';
import { billedUntil, type World } from './world.ts';

const DAY_MS = 86_400_000;
const RESOURCE_DAYS = 14;
const HISTORY_DAYS = 400;
const DEFAULT_PAGE_ROWS = 5_000;

export interface CostExplorerOptions {
  readonly resourceLevelServices?: readonly string[];
  readonly pageRows?: number;
}

/** Cost Explorer, answered from the estate's daily costs and what has happened to the assets since. */
export function createCostExplorer(world: World, options: CostExplorerOptions) {
  const enabled = new Set(
    options.resourceLevelServices ?? [
      CostService.Compute,
      CostService.Ec2Other,
      CostService.LoadBalancing,
      CostService.Vpc,
      CostService.Rds,
    ],
  );
  const pageRows = options.pageRows ?? DEFAULT_PAGE_ROWS;
  let requests = 0;

  const costs = (raw: unknown, accountId: string, withResources: boolean): object => {
    const query = parse(raw);
    const { start, end } = checkPeriod(query, world.now(), withResources ? RESOURCE_DAYS : HISTORY_DAYS);
    if (withResources) checkResourceQuery(query, enabled);
    const results: {
      TimePeriod: { Start: string; End: string };
      Total: object;
      Groups: Group[];
      Estimated: boolean;
    }[] = [];
    for (const [from, to] of periods(query.Granularity, start, end)) {
      const rows: BillRow[] = [];
      for (let day = from; day < to; day += DAY_MS) rows.push(...billOfDay(world, accountId, day));
      const kept = rows.filter((r) => passes(r, query.Filter));
      const grouped = query.GroupBy.length > 0;
      results.push({
        TimePeriod: { Start: isoDay(from), End: isoDay(to) },
        Total: grouped ? {} : totals(kept, query.Metrics),
        Groups: grouped ? groupRows(kept, query) : [],
        Estimated: billedUntil(world) - from < 3 * DAY_MS,
      });
    }
    return { GroupDefinitions: query.GroupBy, DimensionValueAttributes: [], ...page(results, query, pageRows) };
  };

  return {
    requests: () => requests,
    answer(call: AwsCall, accountId: string): Response {
      requests++;
      const raw: unknown = JSON.parse(new TextDecoder().decode(call.body));
      switch (call.operation) {
        case 'GetCostAndUsage':
          return json(costs(raw, accountId, false));
        case 'GetCostAndUsageWithResources':
          return json(costs(raw, accountId, true));
        case 'GetCostForecast':
          return json(forecast(world, accountId, raw));
        case 'GetAnomalies':
          return json({ Anomalies: [] });
        case 'GetAnomalyMonitors':
          return json({ AnomalyMonitors: [] });
        default:
          throw new AwsError('AccessDeniedException', `The sandbox does not offer ce:${call.operation}`);
      }
    },
  };
}

function checkResourceQuery(query: CostQuery, enabled: ReadonlySet<string>): void {
  if (!query.Filter) throw validation('Filter is required for GetCostAndUsageWithResources');
  const grouped = query.GroupBy.some((g) => g.Key === 'RESOURCE_ID');
  if (!grouped && filteredValues(query.Filter, 'RESOURCE_ID').length === 0) {
    throw validation('GetCostAndUsageWithResources must group by or filter on RESOURCE_ID');
  }
  const services = filteredValues(query.Filter, 'SERVICE');
  if (services.length === 0) throw validation('Filter must contain a SERVICE dimension');
  const missing = services.find((s) => !enabled.has(s));
  if (missing) {
    throw new AwsError(
      'DataUnavailableException',
      `Resource-level data is not enabled for ${missing} in Cost Explorer settings`,
    );
  }
}

function checkPeriod(query: CostQuery, now: number, maxDays: number): { start: number; end: number } {
  const start = Date.parse(query.TimePeriod.Start);
  const end = Date.parse(query.TimePeriod.End);
  if (start >= end) throw validation('Start date (and hour) should be before end date (and hour)');
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  if (start < today - maxDays * DAY_MS) {
    throw validation(
      maxDays === RESOURCE_DAYS
        ? 'Data is only available for the last 14 days at resource level'
        : 'You haven’t enabled historical data beyond 14 months',
    );
  }
  if (query.Granularity === 'HOURLY') throw validation('Hourly granularity is not enabled for this account');
  return { start, end };
}

function* periods(granularity: CostQuery['Granularity'], start: number, end: number): Generator<[number, number]> {
  for (let from = start; from < end; ) {
    const date = new Date(from);
    const next = granularity === 'MONTHLY' ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) : from + DAY_MS;
    yield [from, Math.min(next, end)];
    from = next;
  }
}

/** Cuts the answer after `pageRows` groups; a day may continue on the next page. Tokens are bound to the request. */
function page<R extends { Groups: Group[] }>(results: R[], query: CostQuery, pageRows: number) {
  const fingerprint = JSON.stringify({ ...query, NextPageToken: undefined });
  const skip = readToken(query.NextPageToken, fingerprint);
  const out: R[] = [];
  let seen = 0;
  let taken = 0;
  for (const result of results) {
    const groups = result.Groups.filter((_, i) => seen + i >= skip && seen + i < skip + pageRows);
    seen += result.Groups.length;
    taken += groups.length;
    if (groups.length > 0 || result.Groups.length === 0) out.push({ ...result, Groups: groups });
  }
  const more = skip + taken < seen;
  return {
    ResultsByTime: out,
    ...(more ? { NextPageToken: Buffer.from(JSON.stringify([skip + taken, fingerprint])).toString('base64') } : {}),
  };
}

function readToken(token: string | null | undefined, fingerprint: string): number {
  if (!token) return 0;
  try {
    const [skip, of] = JSON.parse(Buffer.from(token, 'base64').toString()) as [number, string];
    if (of !== fingerprint) throw new AwsError('RequestChangedException', 'The request changed between pages');
    return skip;
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError('InvalidNextTokenException', 'The pagination token is invalid');
  }
}

function forecast(world: World, accountId: string, raw: unknown): object {
  const { TimePeriod } = raw as { TimePeriod: { Start: string; End: string } };
  const yesterday = Math.floor(billedUntil(world) / DAY_MS) * DAY_MS - DAY_MS;
  const daily = new Decimal(
    totals(billOfDay(world, accountId, yesterday), ['UnblendedCost'])['UnblendedCost']?.Amount ?? 0,
  );
  const days = [...periods('DAILY', Date.parse(TimePeriod.Start), Date.parse(TimePeriod.End))];
  return {
    Total: { Amount: daily.times(days.length).toString(), Unit: 'USD' },
    ForecastResultsByTime: days.map(([from, to]) => ({
      TimePeriod: { Start: isoDay(from), End: isoDay(to) },
      MeanValue: daily.toString(),
    })),
  };
}

function parse(raw: unknown): CostQuery {
  const result = CostQuery.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw validation(`${issue?.path.join('.')}: ${issue?.message}`);
}

const isoDay = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

const json = (body: object): Response =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/x-amz-json-1.1' } });
