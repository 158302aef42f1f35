import { CostVantage } from '../../../config/cost-vantage.ts';
import { createWiz } from '../../../providers/cnapp/wiz/index.ts';
import { Wiz } from '../../../providers/cnapp/wiz/section.ts';
import { createVantageCost } from '../../../providers/cost/vantage/index.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import type { VendorRow } from './row.ts';

const HOUR_MS = 3_600_000;
const COST = { currency: 'USD', cacheFor: HOUR_MS, unbilledCacheFor: HOUR_MS };
const bearer = { access_token: 'token', expires_in: 3600 };

const wiz: VendorRow = {
  name: 'wiz',
  path: '/graphql',
  good: { body: { data: { cloudResourcesV2: { totalCount: 3 } } } },
  token: { path: '/oauth/token', lifeMs: HOUR_MS },
  others: { '/oauth/token': { body: bearer } },
  connect({ url, ...world }) {
    const keys = { clientId: 'env:ID', clientSecret: 'env:SECRET' };
    const config = Wiz.parse({ tokenUrl: `${url}/oauth/token`, apiUrl: `${url}/graphql`, ...keys });
    const port = createWiz({ ...world, config });
    return { ask: () => port.check() };
  },
};

const vantage: VendorRow = {
  name: 'vantage',
  path: '/v2/me',
  good: { body: { workspaces: [{ token: 'wrkspc_1', name: 'main' }], bearer_token: { scope: ['read'] } } },
  token: null,
  connect({ url, timeoutMs, ...world }) {
    const config = CostVantage.parse({ apiUrl: url, apiToken: 'env:VANTAGE_TOKEN', timeout: timeoutMs });
    const port = createVantageCost({ ...world, config, cost: COST, cache: memoryCache() });
    return { ask: () => port.check?.() ?? Promise.reject(new Error('no check')) };
  },
};

export const ROWS: readonly VendorRow[] = [wiz, vantage];
