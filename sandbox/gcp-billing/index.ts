import type { Context } from 'hono';
import type { BillSource } from '../kit/bill-source.ts';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { BigQueryError } from './errors.ts';
import { billed, createJobs } from './jobs.ts';
import { type Result, runQuery } from './query.ts';
import { JobBody, paramsOf, parseBody, type Query, QueryBody } from './request.ts';
import type { ServiceAccountKey } from './service-account.ts';
import { createTokenEndpoint } from './token-endpoint.ts';

export interface GcpBillingSimulatorOptions {
  readonly billRows: BillSource;
  /** Whose signed statements are accepted; see `createServiceAccount`. */
  readonly serviceAccount: Pick<ServiceAccountKey, 'client_email' | 'private_key'>;
  /** Project in which queries run. */
  readonly projectId: string;
  /** The export: `project.dataset.gcp_billing_export_resource_v1_…` */
  readonly table: string;
  /** @default US */
  readonly location?: string;
  /** @default 3600 */
  readonly tokenSeconds?: number;
  /** Bytes of rows on a page, whatever was asked for. @default 10000000 */
  readonly pageBytes?: number;
  /** What a row weighs in a scan. @default 400 */
  readonly bytesPerRow?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

export type Permission = 'bigquery.jobs.create' | 'bigquery.tables.getData';

export interface GcpBillingControls {
  expireTokens(): void;
  tokensIssued(): number;
  /** Takes a permission away from the service account, or gives it back. */
  deny(permission: Permission, denied?: boolean): void;
  /** The next queries say so many times that they are still running. */
  slow(answers: number): void;
  /** Bytes charged so far. */
  bytesBilled(): number;
  queriesRun(): number;
}

/**
 * The billing export in BigQuery over HTTP: the token endpoint and the part of the BigQuery API that queries need, on one
 * port. Only queries in a known form are answered. Beside the kit's admin routes: POST /__sim/expire-tokens.
 */
export function createGcpBillingSimulator(
  options: GcpBillingSimulatorOptions,
): Simulator & { readonly gcpBilling: GcpBillingControls } {
  const { projectId, table, clock = Date.now } = options;
  const simulator = createSimulator('gcp-billing');
  const tokenEndpoint = createTokenEndpoint({
    account: options.serviceAccount,
    tokenSeconds: options.tokenSeconds ?? 3600,
    clock,
  });
  const location = options.location ?? 'US';
  const jobs = createJobs({ projectId, location, pageBytes: options.pageBytes ?? 10_000_000 });
  const denied = new Set<Permission>();
  let pending = 0;
  let bytes = 0;
  let queries = 0;

  const result = async (query: Query): Promise<Result> => {
    const refuse = (message: string) => new BigQueryError(403, 'accessDenied', `Access Denied: ${message}`);
    if (denied.has('bigquery.jobs.create'))
      throw refuse(`Project ${projectId}: User does not have bigquery.jobs.create permission in project ${projectId}.`);
    const found = await runQuery(query.query, paramsOf(query), {
      billRows: options.billRows,
      table,
      bytesPerRow: options.bytesPerRow ?? 400,
    });
    if (denied.has('bigquery.tables.getData'))
      throw refuse(
        `Table ${table}: User does not have permission to query table ${table}, or perhaps it does not exist.`,
      );
    return found;
  };

  const run = async (query: Query): Promise<Result> => {
    const found = await result(query);
    const cost = billed(found.bytes);
    if (query.maximumBytesBilled !== undefined && cost > Number(query.maximumBytesBilled))
      throw new BigQueryError(
        400,
        'bytesBilledLimitExceeded',
        `Query exceeded limit for bytes billed: ${query.maximumBytesBilled}. ${cost} or higher required.`,
      );
    bytes += cost;
    queries++;
    return found;
  };

  const answering = (handler: (c: Context) => Promise<object>) => async (c: Context) => {
    try {
      tokenEndpoint.check(c.req.header('authorization'));
      if (c.req.param('project') !== projectId)
        throw new BigQueryError(403, 'accessDenied', `Access Denied: Project ${c.req.param('project')}`);
      return c.json(await handler(c));
    } catch (error) {
      if (error instanceof BigQueryError) return error.response();
      throw error;
    }
  };

  const insert = async (c: Context): Promise<object> => {
    const { configuration, jobReference } = parseBody(JobBody, await c.req.json().catch(() => null));
    const found = configuration.dryRun ? await result(configuration.query) : await run(configuration.query);
    const job = configuration.dryRun ? null : jobs.add(found, { pending, jobId: jobReference?.jobId });
    return {
      kind: 'bigquery#job',
      configuration,
      ...(job ? { jobReference: { projectId, jobId: job.jobId, location } } : {}),
      status: { state: 'DONE' },
      statistics: { totalBytesProcessed: String(found.bytes), query: { totalBytesProcessed: String(found.bytes) } },
    };
  };

  const { app } = simulator;
  app.post('/__sim/expire-tokens', (c) => {
    tokenEndpoint.expireAll();
    return c.json({ expired: true });
  });
  app.post('/token', tokenEndpoint.issue);
  app.post(
    '/bigquery/v2/projects/:project/queries',
    answering(async (c) => {
      const body = parseBody(QueryBody, await c.req.json().catch(() => null));
      const known = body.requestId === undefined ? undefined : jobs.byRequest(body.requestId);
      const job = known ?? jobs.add(await run(body), { pending, requestId: body.requestId });
      return jobs.page(job, 'bigquery#queryResponse', { maxResults: body.maxResults });
    }),
  );
  app.get(
    '/bigquery/v2/projects/:project/queries/:job',
    answering(async (c) => {
      const maxResults = c.req.query('maxResults');
      return jobs.page(jobs.find(c.req.param('job') ?? ''), 'bigquery#getQueryResultsResponse', {
        maxResults: maxResults === undefined ? undefined : Number(maxResults),
        pageToken: c.req.query('pageToken'),
      });
    }),
  );
  app.post('/bigquery/v2/projects/:project/jobs', answering(insert));

  return Object.assign(simulator, {
    gcpBilling: {
      expireTokens: () => tokenEndpoint.expireAll(),
      tokensIssued: () => tokenEndpoint.issued(),
      deny: (permission: Permission, yes = true) => void (yes ? denied.add(permission) : denied.delete(permission)),
      slow: (answers: number) => {
        pending = answers;
      },
      bytesBilled: () => bytes,
      queriesRun: () => queries,
    },
  });
}
