import type { Store } from '../../../ports/store.ts';
import { createApprovals } from './approvals.ts';
import { createAssets } from './assets.ts';
import { createBudgets } from './budgets.ts';
import { createCache } from './cache.ts';
import { createCases } from './cases.ts';
import { connect, type MongoOptions } from './connect.ts';
import { ensureIndexes, STORE_INDEXES } from './indexes.ts';
import { createLedger } from './ledger.ts';
import { createOpportunities } from './opportunities.ts';
import { createRemediations } from './remediations.ts';
import { createSettings } from './settings.ts';
import { createSweeps } from './sweeps.ts';

export interface MongoStoreOptions extends MongoOptions {
  /** Epoch milliseconds, for the expiry of cached values and claims. @default Date.now */
  readonly now?: () => number;
}

/** Idlewise's records in MongoDB. Creates missing indexes. @throws ProviderError `unavailable` when nobody answers. */
export async function createMongoStore(options: MongoStoreOptions): Promise<Store> {
  const connection = await connect(options);
  try {
    await ensureIndexes(connection, STORE_INDEXES);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    assets: createAssets(connection),
    opportunities: createOpportunities(connection),
    cases: createCases(connection),
    approvals: createApprovals(connection),
    ledger: createLedger(connection),
    remediations: createRemediations(connection),
    budgets: createBudgets(connection),
    settings: createSettings(connection),
    sweeps: createSweeps(connection),
    cache: createCache(connection, options.now ?? Date.now),

    async check() {
      const [hello, build] = await connection.run('check', () =>
        Promise.all([connection.db.command({ hello: 1 }), connection.db.command({ buildInfo: 1 })]),
      );
      const set = typeof hello.setName === 'string' ? `replica set ${hello.setName}` : 'standalone';
      return `MongoDB ${String(build.version)}, ${set}, database ${options.database}`;
    },
    close: () => connection.close(),
  };
}
