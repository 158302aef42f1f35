import { Decimal } from 'decimal.js';
import type { Config } from '../../../config/schema.ts';
import type { AssetCost } from '../../../schemas/cost.ts';
import type { AwsClients } from '../../cloud/aws/clients.ts';
import type { CacheStore } from '../../store/port.ts';
import type { AccountCosts, CostPort } from '../port.ts';
import { assetCost, type CostFrame } from './asset-cost.ts';
import { accountDays, dailyRows } from './daily-rows.ts';
import { createDayCache, type StoredAnswer, TREND_DAYS } from './day-cache.ts';
import { pagesOf, usageOf, window } from './query.ts';

const DAY_MS = 86_400_000;
/** As far back as resource-level rows go. */
const RESOURCE_DAYS = 14;
/** A sweep asks once per page of assets; putting the answer together from 90 cached days each time would be waste. */
const MEMO_MS = 60_000;
const BOTH = ['AmortizedCost', 'UnblendedCost'] as const;

export interface CostExplorerOptions {
  readonly clients: AwsClients;
  readonly config: Config['cost'];
  readonly accounts: Config['accounts'];
  readonly cache: CacheStore;
}

/**
 * Costs of one account from two grouped queries a day: 14 days by resource and purchase type over all regions, and 90
 * days of the whole account. Each page is billed 0.01 USD, so answers are kept for `config.cacheFor` and callers in
 * one process share a running query.
 */
export function createCostExplorer({ clients, config, accounts, cache }: CostExplorerOptions): CostPort {
  const stored = createDayCache(cache);
  const running = new Map<string, Promise<AccountCosts>>();
  const recent = new Map<string, { key: string; until: number; costs: AccountCosts }>();

  const load = async (accountId: string, asOf: string): Promise<AccountCosts> => {
    const known = await stored.answer(accountId, asOf);
    if (known) return assemble(known, { accountId, asOf, requests: 0 });
    const { answer, requests } = await ask(accountId, asOf);
    return assemble(answer, { accountId, asOf, requests });
  };

  const ask = async (accountId: string, asOf: string): Promise<{ answer: StoredAnswer; requests: number }> => {
    const client = clients.clientsFor({ accountId, region: 'us-east-1' }).costExplorer;
    const resources = await pagesOf(
      client,
      {
        TimePeriod: window(asOf, RESOURCE_DAYS),
        Granularity: 'DAILY',
        Metrics: [...BOTH],
        GroupBy: [
          { Type: 'DIMENSION', Key: 'RESOURCE_ID' },
          { Type: 'DIMENSION', Key: 'PURCHASE_TYPE' },
        ],
        Filter: usageOf(accountId, config.resourceLevelServices),
      },
      true,
    );
    const trend = await pagesOf(
      client,
      {
        TimePeriod: window(asOf, TREND_DAYS),
        Granularity: 'DAILY',
        Metrics: ['AmortizedCost'],
        GroupBy: [{ Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' }],
        Filter: usageOf(accountId),
      },
      false,
    );
    const rows = dailyRows(resources.pages, config.currency);
    const account = accountDays(trend.pages, { accountId, currency: config.currency });
    const answer = {
      days: daysBefore(asOf, RESOURCE_DAYS),
      rejected: [...rows.rejected, ...account.rejected],
      accountTrend: account.trend,
    };
    await stored.putDays(accountId, rows.byDay);
    const keepFor = reachesTo(answer, asOf) ? config.cacheFor : config.unbilledCacheFor;
    const expiresAt = new Date(Date.now() + keepFor).toISOString();
    await stored.putAnswer(accountId, asOf, { answer, expiresAt });
    return { answer, requests: resources.requests + trend.requests };
  };

  const assemble = async (
    answer: StoredAnswer,
    { accountId, asOf, requests }: { accountId: string; asOf: string; requests: number },
  ): Promise<AccountCosts> => {
    const trendDays = daysBefore(asOf, TREND_DAYS);
    const days = await stored.days(accountId, trendDays);
    const frame: CostFrame = { accountId, currency: config.currency, days: answer.days, trendDays };
    const rejected = new Set(answer.rejected.map((r) => r.resourceId));
    const byResource = new Map<string, AssetCost>();
    for (const resourceId of new Set(answer.days.flatMap((day) => [...(days.get(day)?.keys() ?? [])]))) {
      if (rejected.has(resourceId)) continue;
      byResource.set(
        resourceId,
        assetCost(resourceId, (day) => days.get(day)?.get(resourceId), frame),
      );
    }
    return { accountId, byResource, rejected: answer.rejected, accountTrend: answer.accountTrend, requests };
  };

  return {
    vendor: 'aws-cost-explorer',
    accountCosts({ accountId, asOf }) {
      const day = asOf.slice(0, 10);
      const key = `${accountId}/${day}`;
      const last = recent.get(accountId);
      if (last?.key === key && Date.now() < last.until) return Promise.resolve(last.costs);
      const shared = running.get(key);
      // Whoever joins a running query did not cause its requests.
      if (shared) return shared.then((costs) => ({ ...costs, requests: 0 }));
      const own = load(accountId, day).finally(() => running.delete(key));
      running.set(key, own);
      return own.then((costs) => {
        const keepFor = reachesTo(costs, day) ? config.cacheFor : config.unbilledCacheFor;
        const until = Date.now() + Math.min(MEMO_MS, keepFor);
        recent.set(accountId, { key, until, costs: { ...costs, requests: 0 } });
        return costs;
      });
    },
    async check() {
      const accountId = accounts[0]?.accountId ?? '';
      const client = clients.clientsFor({ accountId, region: 'us-east-1' }).costExplorer;
      const input = {
        TimePeriod: window(new Date().toISOString(), 1),
        Granularity: 'DAILY' as const,
        Metrics: [...BOTH],
        GroupBy: [{ Type: 'DIMENSION' as const, Key: 'RESOURCE_ID' }],
        Filter: usageOf(accountId, config.resourceLevelServices),
      };
      const { requests } = await pagesOf(client, input, true);
      return `Cost Explorer answers by resource for ${accountId} (${requests} billed request)`;
    },
  };
}

/** Whether the bill has got as far as the day before `asOf`. Until it has, the answer is worth asking for again. */
function reachesTo({ accountTrend }: Pick<AccountCosts, 'accountTrend'>, asOf: string): boolean {
  const [lastDay] = daysBefore(asOf, 1);
  return accountTrend.some((row) => row.date === lastDay && new Decimal(row.amount).gt(0));
}

/** The days before `asOf`, oldest first, without it. */
function daysBefore(asOf: string, count: number): string[] {
  const end = Date.parse(asOf);
  return Array.from({ length: count }, (_, i) => new Date(end - (count - i) * DAY_MS).toISOString().slice(0, 10));
}
