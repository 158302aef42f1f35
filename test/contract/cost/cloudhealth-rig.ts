import type { TestContext } from 'node:test';
import { CostCloudHealth } from '../../../providers/cost/cloudhealth/section.ts';
import { createCloudHealthCost } from '../../../providers/cost/cloudhealth/index.ts';
import type { CostPort } from '../../../ports/cost.ts';
import type { CacheStore } from '../../../ports/store.ts';
import {
  type CloudHealthSimulator,
  type CloudHealthSimulatorOptions,
  createCloudHealthSimulator,
} from '../../../sandbox/cloudhealth/index.ts';
import type { BillSource } from '../../../sandbox/kit/bill-source.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';

export interface CloudHealthRig {
  readonly sim: CloudHealthSimulator;
  readonly cache: CacheStore;
  /** A port as another process would make it: nothing in memory, the cache shared. */
  port(settings?: PortSettings): CostPort;
}

export interface PortSettings {
  readonly config?: Record<string, unknown>;
  readonly key?: () => string;
  readonly accounts?: readonly string[];
  readonly cache?: CacheStore;
}

export const AWS_REPORT = { cloud: 'aws', id: 'crn:1:flexreports/aws' };
const FAST = { graphqlPerMinute: 10_000, restPerMinute: 10_000, backoff: 20 };

/** CloudHealth over a bill, without limits unless the test is about them. */
export async function startCloudHealth(
  t: TestContext,
  bill: BillSource,
  options: Partial<CloudHealthSimulatorOptions> = {},
): Promise<CloudHealthRig> {
  const sim = createCloudHealthSimulator({ graphqlLimit: null, restLimit: null, ...options, bill });
  const url = await sim.start();
  t.after(() => sim.stop());
  const cache = memoryCache();
  return {
    sim,
    cache,
    port: (settings = {}) =>
      createCloudHealthCost({
        config: CostCloudHealth.parse({
          apiUrl: url,
          graphqlUrl: `${url}/graphql`,
          apiKey: 'env:CLOUDHEALTH_KEY',
          reports: [AWS_REPORT],
          poll: 2,
          limits: FAST,
          ...settings.config,
        }),
        cost: { currency: 'USD', cacheFor: 86_400_000, unbilledCacheFor: 86_400_000 },
        ...(settings.accounts ? { accounts: settings.accounts.map((accountId) => ({ accountId })) } : {}),
        secrets: { resolve: async () => settings.key?.() ?? 'cloudhealth-key' },
        cache: settings.cache ?? cache,
      }),
  };
}
