import { createLacework } from '../../../providers/cnapp/lacework/index.ts';
import { Lacework } from '../../../providers/cnapp/lacework/section.ts';
import { createOrca } from '../../../providers/cnapp/orca/index.ts';
import { Orca } from '../../../providers/cnapp/orca/section.ts';
import { createComputeClient } from '../../../providers/cnapp/prisma/compute-client.ts';
import { createCspmClient } from '../../../providers/cnapp/prisma/cspm-client.ts';
import { createPrisma } from '../../../providers/cnapp/prisma/index.ts';
import { Prisma } from '../../../providers/cnapp/prisma/section.ts';
import { createWiz } from '../../../providers/cnapp/wiz/index.ts';
import { Wiz } from '../../../providers/cnapp/wiz/section.ts';
import type { VendorRow } from './row.ts';

const HOUR_MS = 3_600_000;
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

const orca: VendorRow = {
  name: 'orca',
  path: '/api/serving-layer/query',
  good: { body: { status: 'success', data: [], total_items: 3 } },
  token: null,
  connect({ url, timeoutMs, ...world }) {
    const config = Orca.parse({ apiUrl: url, apiToken: 'env:ORCA_API_TOKEN', timeout: timeoutMs });
    const port = createOrca({ ...world, config });
    return { ask: () => port.check() };
  },
};

const prismaKeys = { accessKeyId: 'env:ID', secretKey: 'env:SECRET' };
const prisma: VendorRow = {
  name: 'prisma',
  path: '/cloud/name',
  good: { body: [{ name: 'main', id: '111122223333', cloudType: 'aws' }] },
  token: { path: '/login', lifeMs: HOUR_MS },
  others: { '/login': { body: { token: 'token' } }, '/auth_token/extend': { status: 401 } },
  connect({ url, timeoutMs, ...world }) {
    const config = Prisma.parse({ apiUrl: url, ...prismaKeys, timeout: timeoutMs, tokenLifetime: HOUR_MS });
    const port = createPrisma({ ...world, config });
    return { ask: () => port.check() };
  },
};

const prismaCompute: VendorRow = {
  name: 'prisma compute',
  path: '/images',
  good: { body: [], headers: { 'total-count': '0' } },
  token: { path: '/authenticate', lifeMs: HOUR_MS },
  others: { '/authenticate': { body: { token: 'token' } }, '/registry': { body: [] } },
  connect({ url, timeoutMs, ...world }) {
    const own = { computeUrl: url, computeTokenLifetime: HOUR_MS };
    const config = Prisma.parse({ apiUrl: url, ...prismaKeys, ...own, timeout: timeoutMs });
    const cspm = createCspmClient({ ...world, config });
    const client = createComputeClient({ ...world, config }, cspm, 10);
    return { ask: () => client.page('images', '/images', {}) };
  },
};

const lacework: VendorRow = {
  name: 'lacework',
  path: '/api/v2/CloudAccounts',
  good: { body: { data: [{ type: 'AwsCfg', enabled: 1 }] } },
  token: { path: '/access/tokens', lifeMs: HOUR_MS },
  others: { '/access/tokens': { body: { token: 'token', expiresAt: '2000-01-01T00:00:00Z' } } },
  wait: { headers: { 'ratelimit-reset': '40' }, ms: 40_000 },
  connect({ url, timeoutMs, ...world }) {
    const keys = { keyId: 'env:ID', secret: 'env:SECRET' };
    const config = Lacework.parse({ apiUrl: url, ...keys, timeout: timeoutMs });
    const port = createLacework({ ...world, config });
    return { ask: () => port.check() };
  },
};

export const CNAPP_ROWS: readonly VendorRow[] = [wiz, orca, prisma, prismaCompute, lacework];
