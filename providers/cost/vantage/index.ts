import type { CostVantage } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { CostPort } from '../../../ports/cost.ts';
import { createDailyCosts } from '../shared/daily-costs.ts';
import { createAnomalies } from './anomalies.ts';
import { createAsk } from './ask.ts';
import { checkVantage } from './check.ts';
import { createVantageClient, PROVIDER } from './client.ts';
import { createCommitments } from './commitments.ts';

export interface VantageCostOptions {
  readonly config: CostVantage;
  /** `currency`, `cacheFor` and `unbilledCacheFor` of the section `cost`. */
  readonly cost: { readonly currency: string; readonly cacheFor: number; readonly unbilledCacheFor: number };
  readonly secrets: SecretsPort;
  readonly cache: CacheStore;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
  /** How a turn is waited for. @default a timer */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Costs of AWS accounts, Azure subscriptions and Google Cloud projects as Vantage has imported them. */
export function createVantageCost(options: VantageCostOptions): CostPort {
  const { config, cost, secrets, cache, clock = Date.now, sleep } = options;
  const client = createVantageClient({ config, secrets, clock, ...(sleep ? { sleep } : {}) });
  const ask = createAsk({ config, currency: cost.currency, commitmentsOf: createCommitments(clock) });
  return {
    vendor: PROVIDER,
    accountCosts: createDailyCosts({
      vendor: PROVIDER,
      cachePrefix: 'cost/vantage',
      config: cost,
      cache,
      staleAfter: config.staleAfter,
      clock,
      async ask({ accountId, asOf, known }) {
        const own = client.counted();
        const account = await ask({ client: own, accountId, asOf, known });
        return { accounts: new Map([[accountId, account]]), requests: own.requests() };
      },
    }),
    anomalies: createAnomalies({ client, config, currency: cost.currency }),
    check: () => checkVantage(client, config, cost.currency),
  };
}
