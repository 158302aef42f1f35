import type { AzureCost } from './section.ts';
import type { AzureTokens } from '../../azure-auth/index.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { CostPort } from '../../../ports/cost.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { accountTrend, type TrendDay } from '../shared/account-trend.ts';
import { type AskedAccount, createDailyCosts, type DailyCostsOptions } from '../shared/daily-costs.ts';
import { createDailyRows } from '../shared/daily-rows.ts';
import { addDays, dayOf, daysBefore, TREND_DAYS, WINDOW_DAYS } from '../shared/days.ts';
import { decimalOf } from '../shared/exact.ts';
import { type CostQuery, createCostClient } from './client.ts';
import { failure, VENDOR } from './errors.ts';
import { payersOf, RESOURCE_COLUMNS, resourceLines, TREND_COLUMNS, trendDays, withPayers } from './lines.ts';
import { byCommitment, byResource, ofSubscription } from './query.ts';

export interface AzureCostOptions extends HttpDeps {
  readonly config: DailyCostsOptions['config'];
  readonly azure: AzureCost;
  /** Azure Resource Manager. Plain http for loopback only. */
  readonly apiUrl: string;
  readonly tokens: AzureTokens;
  /** Subscriptions; `check` asks about the first one. */
  readonly accounts: readonly { readonly accountId: string }[];
  readonly cache: CacheStore;
}

/**
 * Costs of one subscription from Azure Cost Management: amortised cost of 14 days by resource and pricing model, which
 * commitment paid for what where one did, and 90 days of the whole subscription. Every page counts against a small quota,
 * so answers are kept and a quota that is used up is waited out only for so long.
 */
export function createAzureCost(options: AzureCostOptions): CostPort {
  const { config, azure, accounts, clock = Date.now } = options;
  const { currency } = config;
  const client = createCostClient({
    apiUrl: options.apiUrl,
    apiVersion: azure.apiVersion,
    scope: azure.scope,
    timeoutMs: azure.timeout,
    tokens: options.tokens,
    clock,
    fetch: options.fetch,
    sleep: options.sleep,
  });

  const commitmentsUntil = (end: string): Omit<CostQuery, 'subscription'> => ({
    body: byCommitment(end, WINDOW_DAYS, azure.commitmentDimension),
    needed: ['cost', 'ResourceId', azure.commitmentDimension],
  });

  const ask = async (accountId: string, asOf: string): Promise<{ account: AskedAccount; requests: number }> => {
    const patience = { leftMs: azure.maxWait };
    let requests = 0;
    const pagesOf = async (query: Omit<CostQuery, 'subscription'>) => {
      const answer = await client.ask({ ...query, subscription: accountId }, patience);
      requests += answer.requests;
      return answer.pages;
    };
    // The total tells how far the bill has got: the window ends there, for a day that is still to be billed is not free.
    const whole = trendDays(await pagesOf({ body: ofSubscription(asOf, TREND_DAYS), needed: TREND_COLUMNS }));
    const { trend, rejected } = accountTrend(whole.totals, { accountId, currency });
    const end = billedUpTo(whole.totals) ?? asOf;
    const found = resourceLines(await pagesOf({ body: byResource(end, WINDOW_DAYS), needed: RESOURCE_COLUMNS }));
    const payers = found.committed ? payersOf(await pagesOf(commitmentsUntil(end)), azure.commitmentDimension) : null;
    client.done(accountId);
    const rows = createDailyRows({ currency });
    for (const line of payers ? withPayers(found.lines, payers) : found.lines) rows.add(line);
    const account = {
      asked: daysBefore(end, WINDOW_DAYS),
      rows: rows.result(),
      trend,
      rejected: [...found.rejected, ...whole.rejected, ...rejected],
    };
    return { account, requests };
  };

  return {
    vendor: VENDOR,
    accountCosts: createDailyCosts({
      vendor: VENDOR,
      cachePrefix: 'cost/azure',
      config,
      cache: options.cache,
      staleAfter: azure.staleAfter,
      clock,
      async ask({ accountId, asOf }) {
        const { account, requests } = await ask(accountId, asOf);
        return { accounts: new Map([[accountId, account]]), requests };
      },
    }),
    async check() {
      const subscription = accounts[0]?.accountId;
      if (subscription === undefined)
        throw failure({
          operation: 'check',
          kind: Kind.Terminal,
          message: 'azure.subscriptions names no subscription',
        });
      // The same question as a sweep's, about one day: what is grouped and how its columns are called is proved by it.
      const body = byResource(dayOf(clock()), 1);
      const { pages } = await client.ask({ subscription, body, needed: RESOURCE_COLUMNS }, { leftMs: azure.maxWait });
      client.done(subscription);
      const billed = pages.some((page) => page.rows.length > 0);
      return billed
        ? `Cost Management answers for subscription ${subscription}`
        : `Cost Management answers for subscription ${subscription}, and has no cost of yesterday: that a resource's cost is read is not proved yet`;
    },
  };
}

/** The day after the last one that was billed, be its total readable or not; null when there is none. */
function billedUpTo(totals: readonly TrendDay[]): string | null {
  const billed = totals.filter(({ amount }) => decimalOf(amount)?.isZero() !== true).map(({ date }) => date);
  const last = billed.sort().at(-1);
  return last === undefined ? null : addDays(last, 1);
}
