import { randomUUID } from 'node:crypto';
import type { GcpBilling } from './section.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { cellsOf, DryRunAnswer, type Params, QueryAnswer, queryParameters } from './answer.ts';
import { failure } from './errors.ts';
import type { Send } from './transport.ts';

/** Rows asked for at a time; the service sends fewer when they are too large. */
const PAGE_ROWS = 20_000;
const MAX_PAGES = 10_000;
/** How long the service may keep one request open; after that it is asked again. */
const POLL_MS = 10_000;
/** The service bills at least this for a table. */
const LEAST_BYTES = 10_485_760n;

export interface SqlQuery {
  readonly operation: string;
  readonly sql: string;
  readonly params: Params;
}

/** What one query cost. Bytes as decimal text; nothing is billed for what comes from BigQuery's own cache. */
export interface QueryUsage {
  readonly operation: string;
  readonly bytesProcessed: string;
  readonly bytesBilled: string;
  readonly rows: number;
}

export type Cells = Readonly<Record<string, string | null>>;

export interface Runner {
  /**
   * Rows of one query, page by page; null for a row that is not as its columns say. The generator's value is what the
   * query cost. @throws ProviderError
   */
  rows(query: SqlQuery): AsyncGenerator<Cells | null, QueryUsage>;
  /** Bytes the query would process. Checks permissions, table and columns, and costs nothing. @throws ProviderError */
  dryRun(query: SqlQuery): Promise<string>;
}

export function createRunner({
  gcp,
  send,
  clock = Date.now,
}: {
  readonly gcp: GcpBilling;
  readonly send: Send;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}): Runner {
  const bodyOf = ({ sql, params }: SqlQuery) => ({
    query: sql,
    useLegacySql: false,
    parameterMode: 'NAMED',
    queryParameters: queryParameters(params),
    maximumBytesBilled: String(gcp.maxBytesBilled),
  });

  const start = (query: SqlQuery, deadline: number): Promise<QueryAnswer> =>
    send(
      {
        operation: query.operation,
        method: 'POST',
        uri: '/queries',
        json: {
          ...bodyOf(query),
          maxResults: PAGE_ROWS,
          timeoutMs: POLL_MS,
          labels: { application: 'idlewise' },
          // The same query sent twice by a retry is run, and billed, once.
          requestId: randomUUID(),
          ...(gcp.location ? { location: gcp.location } : {}),
        },
        deadline,
      },
      QueryAnswer,
    );

  const goOn = (
    operation: string,
    job: NonNullable<QueryAnswer['jobReference']>,
    at: { readonly pageToken: string | undefined; readonly deadline: number },
  ): Promise<QueryAnswer> =>
    send(
      {
        operation,
        method: 'GET',
        uri: `/queries/${encodeURIComponent(job.jobId)}`,
        qs: {
          maxResults: PAGE_ROWS,
          timeoutMs: POLL_MS,
          ...(job.location ? { location: job.location } : {}),
          ...(at.pageToken === undefined ? {} : { pageToken: at.pageToken }),
        },
        deadline: at.deadline,
      },
      QueryAnswer,
    );

  return {
    async *rows(query) {
      const { operation } = query;
      const deadline = clock() + gcp.timeout;
      const malformed = (message: string) => failure({ operation, kind: Kind.Malformed, message });
      let answer = await start(query, deadline);
      const job = answer.jobReference;
      let usage: Omit<QueryUsage, 'rows'> | null = null;
      let columns: readonly string[] = [];
      let count = 0;
      for (let pages = 1; ; pages++) {
        if (answer.jobComplete) {
          usage ??= usageOf(operation, answer);
          columns = answer.schema?.fields.map((field) => field.name) ?? columns;
          for (const row of answer.rows) {
            count++;
            yield cellsOf(row, columns);
          }
          if (answer.pageToken === undefined) break;
        }
        if (!job) throw malformed('the answer names no job to ask on with');
        if (pages >= MAX_PAGES) throw malformed(`still another page after ${pages}`);
        answer = await goOn(operation, job, { pageToken: answer.pageToken, deadline });
      }
      // A page that got lost would look like a saving.
      if (answer.totalRows !== undefined && answer.totalRows !== String(count))
        throw malformed(`${count} of ${answer.totalRows} rows came`);
      return { ...(usage ?? { operation, bytesProcessed: '0', bytesBilled: '0' }), rows: count };
    },
    async dryRun(query) {
      const call = {
        operation: query.operation,
        method: 'POST' as const,
        uri: '/jobs',
        json: {
          configuration: { dryRun: true, query: bodyOf(query) },
          ...(gcp.location ? { jobReference: { projectId: gcp.projectId, location: gcp.location } } : {}),
        },
        deadline: clock() + gcp.timeout,
      };
      return (await send(call, DryRunAnswer)).statistics.totalBytesProcessed;
    },
  };
}

function usageOf(operation: string, answer: QueryAnswer): Omit<QueryUsage, 'rows'> {
  const bytesProcessed = answer.totalBytesProcessed ?? '0';
  const estimate = BigInt(bytesProcessed) > LEAST_BYTES ? bytesProcessed : String(LEAST_BYTES);
  return { operation, bytesProcessed, bytesBilled: answer.totalBytesBilled ?? (answer.cacheHit ? '0' : estimate) };
}
