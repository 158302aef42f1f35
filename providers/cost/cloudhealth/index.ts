import type { CostCloudHealth } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { CostPort } from '../../../ports/cost.ts';
import { cloudOfAccount } from '../../../domain/cloud-ids/index.ts';
import { type AskedAccount, createDailyCosts } from '../shared/daily-costs.ts';
import { createShared } from '../shared/once.ts';
import { createAsk } from './ask.ts';
import { createCloudHealthClient, PROVIDER } from './client.ts';
import { createFlexReports } from './flex-report.ts';

export interface CloudHealthCostOptions {
  readonly config: CostCloudHealth;
  /** `currency`, `cacheFor` and `unbilledCacheFor` of the section `cost`. */
  readonly cost: { readonly currency: string; readonly cacheFor: number; readonly unbilledCacheFor: number };
  /** The accounts that will be asked for; what the report says of others is not kept. @default every account in it */
  readonly accounts?: readonly { readonly accountId: string }[];
  readonly secrets: SecretsPort;
  readonly cache: CacheStore;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
  /** How a report that runs, or a turn, is waited for. @default a timer */
  readonly sleep?: (ms: number) => Promise<void>;
}

/**
 * Costs from FlexReports of CloudHealth, the only place where it has costs by resource and day. One report holds every
 * account of a cloud, so the first account that is asked for brings the others along.
 */
export function createCloudHealthCost(options: CloudHealthCostOptions): CostPort {
  const { config, cost, secrets, cache, clock = Date.now } = options;
  const { sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) } = options;
  const client = createCloudHealthClient({ config, secrets, clock, sleep });
  const reports = createFlexReports(config, { clock, sleep });
  const ask = createAsk({
    config,
    currency: cost.currency,
    reports,
    accounts: options.accounts ? new Set(options.accounts.map((a) => a.accountId.toLowerCase())) : null,
  });
  const shared = createShared<{ accounts: ReadonlyMap<string, AskedAccount>; requests: number }>();
  return {
    vendor: PROVIDER,
    accountCosts: createDailyCosts({
      vendor: PROVIDER,
      cachePrefix: 'cost/cloudhealth',
      config: cost,
      cache,
      staleAfter: config.staleAfter,
      clock,
      async ask({ accountId, asOf }) {
        const key = `${cloudOfAccount(accountId)}/${asOf}`;
        const running = shared.running(key);
        if (running) return { ...(await running), requests: 0 };
        return shared.run(key, async () => {
          const own = client.counted();
          return { accounts: await ask(own, accountId, asOf), requests: own.requests() };
        });
      },
    }),
    async check() {
      const names: string[] = [];
      for (const { id, cloud } of config.reports) {
        const { name, result } = await reports.look(client, id);
        names.push(`${name?.slice(0, 60) ?? id} for ${cloud} (${result?.status ?? 'never run'})`);
      }
      return `CloudHealth shows the reports ${names.join(', ')}`;
    },
  };
}
