import type { OAuth2Client } from 'google-auth-library';
import type { GcpBilling } from './section.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { CostPort } from '../../../ports/cost.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { type AskedAccount, createDailyCosts, type DailyCostsOptions } from '../shared/daily-costs.ts';
import { createDayCache } from '../shared/day-cache.ts';
import { addDays, DAY_MS, dayOf, daysBefore, TREND_DAYS, WINDOW_DAYS } from '../shared/days.ts';
import { createShared } from '../shared/once.ts';
import { createBatch } from './batch.ts';
import { VENDOR } from './errors.ts';
import { linesOf, totalOf } from './lines.ts';
import { type Cells, createRunner, type QueryUsage, type SqlQuery } from './run.ts';
import {
  GIFTS,
  MODEL_COLUMN,
  RESOURCE_COMMITMENTS,
  ResourceRow,
  resourcesSql,
  SPEND_COMMITMENTS,
  TotalRow,
  totalsSql,
} from './sql.ts';
import { createSend } from './transport.ts';

const CACHE_PREFIX = 'cost/gcp';

export interface GcpBillingOptions {
  readonly config: DailyCostsOptions['config'];
  readonly gcp: GcpBilling;
  /** From `createGoogleAuth`. */
  readonly auth: OAuth2Client;
  /** Projects with their bill in this export. Those next to each other are read together. */
  readonly accounts: readonly { readonly accountId: string }[];
  readonly cache: CacheStore;
  /** Told of every query that ran, with what it was billed. */
  readonly onQuery?: (usage: QueryUsage) => void;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

/**
 * Costs of projects from the detailed usage export in BigQuery: two queries a day for up to `projectsPerQuery` projects
 * together. A project is read over 90 days the first time, then over what may still have changed. `requests` counts queries,
 * because bytes scanned are what is billed.
 */
export function createGcpBilling(options: GcpBillingOptions): CostPort {
  const { config, gcp, accounts, clock = Date.now } = options;
  const { currency } = config;
  const runner = createRunner({ gcp, clock, send: createSend({ gcp, auth: options.auth, clock }) });
  const stored = createDayCache(options.cache, CACHE_PREFIX);
  const shared = createShared<Map<string, AskedAccount>>();
  /** A bill may end that many days early, and the window with it. */
  const judgedDays = WINDOW_DAYS + Math.ceil(gcp.staleAfter / DAY_MS);
  const recentDays = Math.min(TREND_DAYS, judgedDays + gcp.correctionDays);

  let models = true;
  /** Runs what asks for the consumption model; where the table has no such column, once more without it. */
  const withModels = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      if (!models || !isProviderError(error) || !error.message.includes(MODEL_COLUMN)) throw error;
      models = false;
      return run();
    }
  };

  /**
   * The projects to read in one go: this one with those beside it in the configuration that need the same days. One that is
   * seen for the first time is read alone, because 90 days of many would not fit into memory.
   */
  const together = async (accountId: string, asOf: string): Promise<{ projects: string[]; days: number }> => {
    const known = async (id: string) => (await stored.day(id, addDays(asOf, -recentDays))) !== null;
    if (!(await known(accountId))) return { projects: [accountId], days: TREND_DAYS };
    const at = accounts.findIndex((account) => account.accountId === accountId);
    const from = at - (at % gcp.projectsPerQuery);
    const projects: string[] = [];
    for (const { accountId: id } of at === -1 ? [{ accountId }] : accounts.slice(from, from + gcp.projectsPerQuery))
      if (id === accountId || ((await known(id)) && !(await stored.answer(id, asOf)))) projects.push(id);
    return { projects, days: recentDays };
  };

  const queryOf = (projects: readonly string[], period: { from: string; to: string }) => ({
    resources: {
      operation: 'resources',
      sql: resourcesSql(gcp.table, { models }),
      params: {
        ...period,
        projects,
        gifts: GIFTS,
        resource_commitments: RESOURCE_COMMITMENTS,
        spend_commitments: SPEND_COMMITMENTS,
        commitments: [...RESOURCE_COMMITMENTS, ...SPEND_COMMITMENTS],
      },
    },
    totals: { operation: 'totals', sql: totalsSql(gcp.table), params: { ...period, projects, gifts: GIFTS } },
  });

  const read = async (query: SqlQuery, take: (cells: Cells) => void): Promise<void> => {
    const rows = runner.rows(query);
    for (let next = await rows.next(); ; next = await rows.next()) {
      if (next.done) {
        options.onQuery?.(next.value);
        return;
      }
      take(next.value ?? {});
    }
  };

  const askTogether = async (projects: readonly string[], asOf: string, days: number) => {
    const asked = daysBefore(asOf, days);
    const batch = createBatch(projects, { currency, asked, judgedSince: addDays(asOf, -judgedDays) });
    const { totals } = queryOf(projects, { from: addDays(asOf, -TREND_DAYS), to: asOf });
    await read(totals, (cells) => {
      const row = TotalRow.safeParse(cells);
      if (row.success) batch.total(row.data.project_id, totalOf(row.data));
      else batch.rejectRow(cells, row.error);
    });
    const resources = () => queryOf(projects, { from: addDays(asOf, -days), to: asOf }).resources;
    await withModels(() =>
      read(resources(), (cells) => {
        const row = ResourceRow.safeParse(cells);
        if (row.success) for (const line of linesOf(row.data)) batch.line(row.data.project_id, line);
        else batch.rejectRow(cells, row.error);
      }),
    );
    return batch.result();
  };

  return {
    vendor: VENDOR,
    accountCosts: createDailyCosts({
      vendor: VENDOR,
      cachePrefix: CACHE_PREFIX,
      config,
      cache: options.cache,
      staleAfter: gcp.staleAfter,
      clock,
      async ask({ accountId, asOf }) {
        const { projects, days } = await together(accountId, asOf);
        const key = `${projects.join()}/${asOf}`;
        const running = shared.running(key);
        if (running) return { accounts: await running, requests: 0 };
        return { accounts: await shared.run(key, () => askTogether(projects, asOf, days)), requests: 2 };
      },
    }),
    async check() {
      const asOf = dayOf(clock());
      const projects = [accounts[0]?.accountId ?? gcp.projectId];
      const resources = () => queryOf(projects, { from: addDays(asOf, -recentDays), to: asOf }).resources;
      const bytes = await withModels(() => runner.dryRun({ ...resources(), operation: 'check' }));
      const unproved = models
        ? ''
        : `; it has no column ${MODEL_COLUMN}, so usage under spend-based commitments of 2026 cannot be told from on demand`;
      return `the export ${gcp.table} can be read; a day's query scans about ${(Number(bytes) / 1e9).toFixed(2)} GB${unproved}`;
    },
  };
}
