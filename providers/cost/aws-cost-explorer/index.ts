import type { CostSettings } from '../settings.ts';
import type { AwsAccount } from '../../cloud/aws/section.ts';
import type { AwsClients } from '../../cloud/aws/clients.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { CostPort } from '../../../ports/cost.ts';
import { accountTrend } from '../shared/account-trend.ts';
import { type AskedAccount, createDailyCosts } from '../shared/daily-costs.ts';
import { createDailyRows } from '../shared/daily-rows.ts';
import { daysBefore, TREND_DAYS, WINDOW_DAYS } from '../shared/days.ts';
import { linesOf, refusedOf, totalsOf } from './lines.ts';
import { pagesOf, usageOf, window } from './query.ts';

const BOTH = ['AmortizedCost', 'UnblendedCost'] as const;

export interface CostExplorerOptions {
  readonly clients: AwsClients;
  readonly config: CostSettings;
  readonly accounts: readonly AwsAccount[];
  readonly cache: CacheStore;
}

/**
 * Costs of one account from two grouped queries a day: 14 days by resource and purchase type over all regions, and 90
 * days of the whole account. Each page is billed 0.01 USD, so answers are kept for `config.cacheFor` and callers in
 * one process share a running query.
 */
export function createCostExplorer({ clients, config, accounts, cache }: CostExplorerOptions): CostPort {
  const { currency } = config;

  const ask = async (accountId: string, asOf: string): Promise<{ account: AskedAccount; requests: number }> => {
    const client = clients.clientsFor({ accountId, region: 'us-east-1' }).costExplorer;
    const resources = await pagesOf(
      client,
      {
        TimePeriod: window(asOf, WINDOW_DAYS),
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
    const totals = await pagesOf(
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
    const rows = createDailyRows({ currency });
    for (const line of linesOf(resources.pages)) rows.add(line);
    const { trend, rejected } = accountTrend(totalsOf(totals.pages, accountId), { accountId, currency });
    const refused = [...refusedOf(resources.pages), ...refusedOf(totals.pages), ...rejected];
    return {
      account: { asked: daysBefore(asOf, WINDOW_DAYS), rows: rows.result(), trend, rejected: refused },
      requests: resources.requests + totals.requests,
    };
  };

  return {
    vendor: 'aws-cost-explorer',
    accountCosts: createDailyCosts({
      vendor: 'aws-cost-explorer',
      cachePrefix: 'cost/aws',
      config,
      cache,
      async ask({ accountId, asOf }) {
        const { account, requests } = await ask(accountId, asOf);
        return { accounts: new Map([[accountId, account]]), requests };
      },
    }),
    async check() {
      const accountId = accounts[0]?.accountId ?? '';
      const client = clients.clientsFor({ accountId, region: 'us-east-1' }).costExplorer;
      const input = {
        TimePeriod: window(new Date().toISOString(), 1),
        Granularity: 'DAILY' as const,
        Metrics: [...BOTH],
        GroupBy: [
          { Type: 'DIMENSION' as const, Key: 'RESOURCE_ID' },
          { Type: 'DIMENSION' as const, Key: 'PURCHASE_TYPE' },
        ],
        Filter: usageOf(accountId, config.resourceLevelServices),
      };
      const { pages, requests } = await pagesOf(client, input, true);
      const billed = pages.some((page) => page.groups.length > 0);
      const unproved = billed
        ? ''
        : '; no resource was billed yesterday, so that their costs are read is not proved yet';
      return `Cost Explorer answers by resource for ${accountId} (${requests} billed request)${unproved}`;
    },
  };
}
