import { z } from 'zod';
import { AwsError } from './errors.ts';
import { type MetricAsk, metricValues } from './metric-series.ts';
import type { World } from './world.ts';

const DAY = 86_400;
const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;

const Dimension = z.object({ Name: z.string(), Value: z.string() });
export const GetMetricDataInput = z.object({
  MetricDataQueries: z.array(
    z.object({
      Id: z.string(),
      Expression: z.string().optional(),
      Label: z.string().optional(),
      ReturnData: z.boolean().optional(),
      MetricStat: z
        .object({
          Metric: z.object({
            Namespace: z.string(),
            MetricName: z.string(),
            Dimensions: z.array(Dimension).default([]),
          }),
          Period: z.number(),
          Stat: z.string(),
        })
        .optional(),
    }),
  ),
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MaxDatapoints: z.number().int().positive().max(MAX_DATAPOINTS).default(MAX_DATAPOINTS),
  NextToken: z.string().nullish(),
});
type Query = z.infer<typeof GetMetricDataInput>['MetricDataQueries'][number];

export interface MetricDataResult {
  readonly Id: string;
  readonly Label: string;
  /** Epoch seconds. */
  readonly Timestamps: readonly number[];
  readonly Values: readonly number[];
  readonly StatusCode: 'Complete' | 'PartialData';
}

/** GetMetricData: as many results as MaxDatapoints allows, the rest behind NextToken. Times are epoch seconds. */
export function getMetricData(
  world: World,
  scope: { accountId: string; region: string },
  raw: unknown,
): { MetricDataResults: MetricDataResult[]; NextToken?: string } {
  const input = parsed(raw);
  const { MetricDataQueries: queries, StartTime: start, EndTime: end } = input;
  if (queries.length === 0 || queries.length > MAX_QUERIES) {
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES} or less than 1.`);
  }
  if (!(start < end)) throw invalid('The parameter EndTime must be greater than StartTime.');
  const cursor = readToken(input.NextToken);
  let room = input.MaxDatapoints;
  const results: MetricDataResult[] = [];
  for (let q = cursor.query; q < queries.length; q++) {
    const query = queries[q] as Query;
    const points = pointsOf(world, scope, { query, start, end });
    if (input.ScanBy === 'TimestampDescending') points.reverse();
    const offset = q === cursor.query ? cursor.offset : 0;
    const rest = points.length - offset;
    const take = Math.min(rest, room);
    if (take === 0 && rest > 0) return { MetricDataResults: results, NextToken: token(q, offset) };
    results.push(points.slice(query, offset, take, take === rest));
    room -= take;
    if (take < rest) return { MetricDataResults: results, NextToken: token(q, offset + take) };
  }
  return { MetricDataResults: results };
}

/** Datapoints as two flat arrays: a batch holds up to 100,800 of them, and objects would cost more than the metrics. */
function pointsOf(
  world: World,
  scope: { accountId: string; region: string },
  { query, start, end }: { query: Query; start: number; end: number },
) {
  const times: number[] = [];
  const values: number[] = [];
  const stat = query.MetricStat;
  if (!stat) throw invalid(`Metric math is not offered by this endpoint (query ${query.Id}).`);
  checkPeriod(stat.Period, start, world.now() / 1000);
  const from = Math.floor(start / 60) * 60;
  const ask: MetricAsk = {
    namespace: stat.Metric.Namespace,
    metric: stat.Metric.MetricName,
    dimensions: stat.Metric.Dimensions.map((d) => ({ name: d.Name, value: d.Value })),
    statistic: stat.Stat,
    periodSeconds: stat.Period,
    startEpoch: from,
    endEpoch: end,
  };
  metricValues(world, scope, ask).forEach((value, i) => {
    if (value === null) return;
    times.push(from + i * stat.Period);
    values.push(value);
  });
  return {
    length: times.length,
    reverse() {
      times.reverse();
      values.reverse();
    },
    slice: (of: Query, offset: number, take: number, complete: boolean): MetricDataResult => ({
      Id: of.Id,
      Label: of.Label ?? stat.Metric.MetricName,
      Timestamps: times.slice(offset, offset + take),
      Values: values.slice(offset, offset + take),
      StatusCode: complete ? 'Complete' : 'PartialData',
    }),
  };
}

/** Fine-grained data is kept for a shorter time, so the period must be coarse enough for the start. */
export function checkPeriod(period: number, start: number, now: number): void {
  const age = now - start;
  const grain = age > 63 * DAY ? 3600 : age > 15 * DAY ? 300 : 60;
  if (!Number.isInteger(period) || period <= 0 || period % grain !== 0) {
    throw invalid(
      `The parameter Period must be a multiple of ${grain} for a StartTime ${Math.round(age / DAY)} days ago.`,
    );
  }
}

function parsed(raw: unknown): z.infer<typeof GetMetricDataInput> {
  const result = GetMetricDataInput.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`The parameter ${issue?.path.join('.')} is invalid: ${issue?.message}`);
}

const token = (query: number, offset: number): string => Buffer.from(`${query}:${offset}`).toString('base64');

function readToken(text: string | null | undefined): { query: number; offset: number } {
  if (!text) return { query: 0, offset: 0 };
  const match = /^(\d+):(\d+)$/.exec(Buffer.from(text, 'base64').toString());
  if (!match) throw new AwsError('InvalidNextToken', 'The next token specified is invalid.');
  return { query: Number(match[1]), offset: Number(match[2]) };
}

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);
