import type { Context } from 'hono';
import type { BillSource } from '../kit/bill-source.ts';
import { createRateWindow } from '../kit/rate-window.ts';
import { createSimulator } from '../kit/simulator.ts';
import { commitmentsOf, meOf, ONE_WORKSPACE, resourceOf } from './account.ts';
import { anomaliesOf } from './anomalies.ts';
import { type CostAnswer, costsOf } from './costs.ts';
import { pageOf } from './paging.ts';
import type { VantageSimulator, VantageSimulatorOptions } from './types.ts';
import { BadRequest } from './vql.ts';

export { reportToken } from './anomalies.ts';
export type { VantageSimulator, VantageSimulatorOptions } from './types.ts';

const DAY_MS = 86_400_000;
const failed = (c: Context, status: 400 | 401 | 404 | 429, ...errors: string[]) => c.json({ errors }, status);

/** Vantage over HTTP, fed from a bill. See `VantageSimulator` for its admin routes. */
export function createVantageSimulator(options: VantageSimulatorOptions): VantageSimulator {
  const { token = 'vantage-token', scope = ['read'], workspaces = ONE_WORKSPACE, clock = Date.now } = options;
  const { costLimit = { requests: 5, perMs: 5_000 }, hourlyLimit = { requests: 1_000, perMs: 3_600_000 } } = options;
  const bill = lagging(options.bill, options.lagDays ?? 0);
  const simulator = createSimulator('vantage');
  const { app } = simulator;
  const costWindow = costLimit && createRateWindow(costLimit, clock);
  const hourly = hourlyLimit && createRateWindow(hourlyLimit, clock);
  const statuses = new Map<string, string>();
  /** What a query's first page saw; the next pages are cut from the same. */
  const open = new Map<string, CostAnswer>();
  let expired = false;
  let slipBy = 0;
  let costRequests = 0;

  const slip = (rows: number) => {
    slipBy = rows;
  };
  const expireToken = () => {
    expired = true;
  };
  app.post('/__sim/expire-token', (c) => {
    expireToken();
    return c.json({ expired });
  });
  app.post('/__sim/slip', async (c) => {
    slip(((await c.req.json()) as { rows: number }).rows);
    return c.json({ rows: slipBy });
  });
  app.onError((error, c) => {
    if (error instanceof BadRequest) return failed(c, 400, error.message);
    throw error;
  });
  app.use('/v2/*', async (c, next) => {
    if (expired || c.req.header('authorization') !== `Bearer ${token}`) return failed(c, 401, 'Unauthorized');
    const isCost = /^\/v2\/(costs|cost_reports)\b/.test(c.req.path);
    if ((isCost && costWindow?.take() === false) || hourly?.take() === false)
      return failed(c, 429, 'Rate limit exceeded');
    return next();
  });
  app.get('/v2/ping', (c) => c.text('pong'));
  app.get('/v2/me', (c) => c.json(meOf(workspaces, scope)));
  app.get('/v2/costs', async (c) => {
    const url = new URL(c.req.url);
    const query = url.searchParams;
    const workspace = query.get('workspace_token');
    if (workspace === null && workspaces.length > 1) return failed(c, 400, 'workspace_token is missing');
    if (workspace !== null && !workspaces.some((w) => w.token === workspace))
      return failed(c, 404, 'Workspace not found');
    const fingerprint = new URLSearchParams([...query].filter(([name]) => name !== 'page')).toString();
    const isFirst = (query.get('page') ?? '1') === '1';
    const answer = (isFirst ? undefined : open.get(fingerprint)) ?? (await costsOf(bill, query));
    open.set(fingerprint, answer);
    const skip = isFirst ? 0 : slipBy;
    const { rows, links } = pageOf(answer.costs, url, { max: 5000, cut: options.pageRows, skip });
    if (links.next === null) open.delete(fingerprint);
    costRequests++;
    return c.json({ links, total_cost: answer.total_cost, total_usage: [], costs: rows });
  });
  app.get('/v2/financial_commitments', async (c) => {
    const all = await commitmentsOf(bill, workspaces[0]?.token ?? '');
    const { rows, links } = pageOf(all, new URL(c.req.url), { max: 1000, cut: options.pageRows });
    return c.json({ links, financial_commitments: rows });
  });
  app.get('/v2/anomaly_alerts', async (c) => {
    const { start_date: since = '', cost_report_token: report } = c.req.query();
    const all = (await anomaliesOf(bill, statuses)).filter(
      (a) => a.created_at >= since && (report === undefined || a.cost_report_token === report),
    );
    const { rows, links } = pageOf(all, new URL(c.req.url), { max: 1000, cut: options.pageRows });
    return c.json({ links, anomaly_alerts: rows });
  });
  app.put('/v2/anomaly_alerts/:token', async (c) => {
    const { status } = (await c.req.json()) as { status: string };
    statuses.set(c.req.param('token'), status);
    const alert = (await anomaliesOf(bill, statuses)).find((a) => a.token === c.req.param('token'));
    return alert ? c.json(alert) : failed(c, 404, 'Not found');
  });
  app.get('/v2/resources/:token', async (c) => {
    const resource = await resourceOf(bill, c.req.param('token'));
    return resource ? c.json(resource) : failed(c, 404, 'Not found');
  });
  return { ...simulator, expireToken, slip, costRequests: () => costRequests };
}

/** An import that has not got as far as the bill. */
function lagging(bill: BillSource, days: number): BillSource {
  if (days === 0) return bill;
  const until = () => bill.until() - days * DAY_MS;
  return {
    until,
    rows: async (query) => {
      const end = new Date(Math.floor(until() / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
      return (await bill.rows(query)).filter((row) => row.date < end);
    },
  };
}
