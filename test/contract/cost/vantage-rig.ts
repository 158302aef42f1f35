import type { TestContext } from 'node:test';
import { CostVantage } from '../../../providers/cost/vantage/section.ts';
import type { CostPort } from '../../../ports/cost.ts';
import { createVantageCost } from '../../../providers/cost/vantage/index.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { BillSource } from '../../../sandbox/kit/bill-source.ts';
import {
  createVantageSimulator,
  type VantageSimulator,
  type VantageSimulatorOptions,
} from '../../../sandbox/vantage/index.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';

export interface VantageRig {
  readonly sim: VantageSimulator;
  readonly url: string;
  readonly cache: CacheStore;
  /** A port as another process would make it: nothing in memory, the cache shared. */
  port(settings?: PortSettings): CostPort;
}

export interface PortSettings {
  readonly config?: Record<string, unknown>;
  readonly token?: () => string;
  readonly currency?: string;
  readonly cache?: CacheStore;
  readonly clock?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

const FAST = { costRequests: 100_000, requestsPerHour: 100_000 };

/** Vantage over a bill, without limits unless the test is about them. */
export async function startVantage(
  t: TestContext,
  bill: BillSource,
  options: Partial<VantageSimulatorOptions> = {},
): Promise<VantageRig> {
  const sim = createVantageSimulator({ costLimit: null, hourlyLimit: null, ...options, bill });
  const url = await sim.start();
  t.after(() => sim.stop());
  const cache = memoryCache();
  return {
    sim,
    url,
    cache,
    port: (settings = {}) =>
      createVantageCost({
        config: CostVantage.parse({ apiUrl: url, apiToken: 'env:VANTAGE_TOKEN', limits: FAST, ...settings.config }),
        cost: { currency: settings.currency ?? 'USD', cacheFor: 86_400_000, unbilledCacheFor: 86_400_000 },
        secrets: { resolve: async () => settings.token?.() ?? 'vantage-token' },
        cache: settings.cache ?? cache,
        ...(settings.clock ? { clock: settings.clock } : {}),
        ...(settings.sleep ? { sleep: settings.sleep } : {}),
      }),
  };
}
