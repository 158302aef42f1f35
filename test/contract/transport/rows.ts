import assert from 'node:assert/strict';
import { z } from 'zod';
import { Routing } from '../../../config/routing.ts';
import { Config } from '../../../config/schema.ts';
import { SecretStores } from '../../../config/secret-stores.ts';
import { createTeamsClient } from '../../../providers/chat/teams/client.ts';
import { AzureCost } from '../../../providers/cost/azure-cost-management/section.ts';
import { CostCloudHealth } from '../../../providers/cost/cloudhealth/section.ts';
import { CostVantage } from '../../../providers/cost/vantage/section.ts';
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
import { createAzureTokens } from '../../../providers/azure-auth/index.ts';
import { createAzureCost } from '../../../providers/cost/azure-cost-management/index.ts';
import { createCloudHealthClient } from '../../../providers/cost/cloudhealth/client.ts';
import { REPORT } from '../../../providers/cost/cloudhealth/documents.ts';
import { OlapReport, ReportNode } from '../../../providers/cost/cloudhealth/wire.ts';
import { createVantageCost } from '../../../providers/cost/vantage/index.ts';
import { createGitHubRouting } from '../../../providers/routing/github/index.ts';
import { createGitLabRouting } from '../../../providers/routing/gitlab/index.ts';
import { createVault, type VaultOptions } from '../../../providers/secrets/vault/index.ts';
import { createServiceNowClient } from '../../../providers/servicenow/client.ts';
import { createJiraClient } from '../../../providers/tickets/jira/client.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { teamsConfig } from '../teams/bench.ts';
import { serviceNowConfig } from '../servicenow/harness.ts';
import type { VendorRow } from './row.ts';
import type { Seen } from './scripted-server.ts';

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

const cloudhealth: VendorRow = {
  name: 'cloudhealth',
  path: 'query Report',
  good: { body: { data: { node: { id: 'report' } } } },
  token: { path: 'mutation Login', lifeMs: HOUR_MS },
  others: { 'mutation Login': { body: { data: { loginAPI: { accessToken: 'token', refreshToken: 'more' } } } } },
  connect({ url, timeoutMs, ...world }) {
    const config = CostCloudHealth.parse({
      apiUrl: url,
      graphqlUrl: `${url}/graphql`,
      apiKey: 'env:CLOUDHEALTH_KEY',
      reports: [{ cloud: 'aws', id: 'crn:1:flexreports/a' }],
      timeout: timeoutMs,
      tokenFor: HOUR_MS,
    });
    const client = createCloudHealthClient({ ...world, config });
    const request = { operation: 'flexReport', document: REPORT, variables: { id: 'report' }, shape: ReportNode };
    return { ask: () => client.graphql(request) };
  },
};

const cloudhealthRest: VendorRow = {
  name: 'cloudhealth rest',
  path: '/olap_reports/cost/history',
  good: { body: { dimensions: [], measures: [], data: null } },
  token: null,
  connect({ url, timeoutMs, ...world }) {
    const addresses = { apiUrl: url, graphqlUrl: `${url}/graphql`, timeout: timeoutMs };
    const config = CostCloudHealth.parse({
      ...addresses,
      apiKey: 'env:KEY',
      reports: [{ cloud: 'aws', id: 'crn:1:flexreports/a' }],
    });
    const client = createCloudHealthClient({ ...world, config });
    const request = { operation: 'costHistory', path: '/olap_reports/cost/history', query: [], shape: OlapReport };
    return { ask: () => client.rest(request) };
  },
};

/** What Entra's discovery names; its clients read it before they ask for a token. */
const entra = {
  '/.well-known/openid-configuration': ({ headers }: Seen) => {
    const base = `https://${headers.host}/tenant`;
    const endpoints = { token_endpoint: `${base}/oauth2/v2.0/token`, jwks_uri: `${base}/keys` };
    return { body: { ...endpoints, issuer: `${base}/v2.0`, authorization_endpoint: `${base}/authorize` } };
  },
};
const entraIdentity = { tenantId: 'tenant', clientId: 'app-1', clientSecret: 'env:SECRET' };

const azureAuth: VendorRow = {
  name: 'azure-auth',
  path: '/oauth2/v2.0/token',
  good: { body: { token_type: 'Bearer', access_token: 'token', expires_in: 3600 } },
  token: null,
  others: entra,
  connect({ url, ...world }) {
    const tokens = createAzureTokens({ ...world, ...entraIdentity, authorityUrl: url });
    return { ask: () => tokens.getToken('https://management.azure.com/.default') };
  },
  // The endpoint itself: what it refuses are the credentials, and there is nothing to renew them with.
  skip: { '401 once': 'a refused secret is not renewed by asking again' },
  kinds: { 'a lasting 404': 'terminal' },
};

const azureCost: VendorRow = {
  name: 'azure-cost-management',
  path: '/Microsoft.CostManagement/query',
  good: {
    body: {
      properties: { nextLink: null, columns: [{ name: 'cost', type: 'Number' }], rows: [] },
    },
  },
  token: { path: '/oauth2/v2.0/token', lifeMs: HOUR_MS },
  others: { ...entra, '/oauth2/v2.0/token': azureAuth.good },
  wait: { headers: { 'x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after': '9' }, ms: 9_000 },
  connect({ url, timeoutMs, ...world }) {
    const tokens = createAzureTokens({ ...world, ...entraIdentity, authorityUrl: url, timeoutMs });
    const azure = { ...AzureCost.parse({}), timeout: timeoutMs, maxWait: 0 };
    const accounts = [{ accountId: '1f0c2a6e-0000-4000-8000-000000000001' }];
    const port = createAzureCost({
      ...world,
      config: COST,
      azure,
      apiUrl: url,
      tokens,
      accounts,
      cache: memoryCache(),
    });
    return { ask: () => port.check() };
  },
};

const jira: VendorRow = {
  name: 'jira',
  path: '/rest/api/3/myself',
  good: { body: { accountId: 'a' } },
  token: null,
  // As a moment, which is how the vendor writes it: a minute and a half after the suite's clock begins.
  wait: { headers: { 'x-ratelimit-reset': '2026-02-28T23:31:30Z' }, ms: 90_000 },
  connect({ url, timeoutMs, ...world }) {
    const section = { siteUrl: url, email: 'env:EMAIL', apiToken: 'env:TOKEN', projectKey: 'OPS', timeout: timeoutMs };
    const config = Config.shape.tickets.parse({ vendor: 'jira', jira: section }).jira;
    if (!config) throw new Error('the section was given');
    const client = createJiraClient({ ...world, config });
    const request = { operation: 'myself', method: 'GET', path: '/rest/api/3/myself', answer: z.object({}) } as const;
    return { ask: () => client.send(request) };
  },
};

const servicenow: VendorRow = {
  name: 'servicenow',
  path: '/api/now/table/sys_user',
  good: { body: { result: [] } },
  token: { path: '/oauth_token.do', lifeMs: HOUR_MS },
  others: { '/oauth_token.do': { body: bearer } },
  connect({ url, timeoutMs, ...world }) {
    const config = {
      ...serviceNowConfig(url),
      grant: 'client_credentials' as const,
      clientId: 'env:ID',
      clientSecret: 'env:SECRET',
      timeout: timeoutMs,
    };
    const client = createServiceNowClient({ ...world, config });
    return { ask: () => client.send({ operation: 'read sys_user', method: 'GET', path: '/api/now/table/sys_user' }) };
  },
};

const teams: VendorRow = {
  name: 'teams',
  path: '/pagedMembers',
  good: { body: { members: [] } },
  token: { path: '/oauth2/v2.0/token', lifeMs: HOUR_MS },
  others: { '/oauth2/v2.0/token': { body: bearer } },
  connect({ url, ...world }) {
    const own = { serviceUrl: url, tokenUrl: `${url}/tenant/oauth2/v2.0/token` };
    const client = createTeamsClient({ ...world, config: { ...teamsConfig('http://127.0.0.1'), ...own } });
    return { ask: () => client.countMembers('19:conversation@thread.tacv2') };
  },
};

const route = (url: string) =>
  Routing.parse({
    vendor: 'github',
    github: { apiUrl: url, token: 'env:TOKEN', repository: 'acme/platform' },
    gitlab: { apiUrl: url, token: 'env:TOKEN', project: '4711' },
    webhook: { url: `${url}/hook`, signingSecret: 'env:SECRET' },
  });

const github: VendorRow = {
  name: 'github',
  path: '/repos/acme/platform/actions/workflows/',
  good: { body: { id: 1 } },
  token: null,
  wait: { headers: { 'x-ratelimit-reset': String(Date.UTC(2026, 1, 28, 23, 31) / 1000) }, ms: 60_000 },
  connect({ url, ...world }) {
    const port = createGitHubRouting({ ...world, config: route(url).github as never });
    return { ask: () => port.check() };
  },
};

const gitlab: VendorRow = {
  name: 'gitlab',
  path: '/projects/4711',
  good: { body: { id: 4711 } },
  token: null,
  wait: { headers: { 'ratelimit-reset': String(Date.UTC(2026, 1, 28, 23, 31) / 1000) }, ms: 60_000 },
  connect({ url, ...world }) {
    const port = createGitLabRouting({ ...world, config: route(url).gitlab as never });
    return { ask: () => port.check() };
  },
};

const vault: VendorRow = {
  name: 'vault',
  path: '/v1/secret/data/app',
  good: { body: { data: { data: { field: 'value' } } } },
  token: { path: '/auth/approle/login', lifeMs: 400_000 },
  others: {
    '/auth/approle/login': { body: { auth: { client_token: 'token', lease_duration: 400, renewable: false } } },
    '/auth/token/lookup-self': { status: 403 },
  },
  connect({ url, timeoutMs, ...world }) {
    const config = {
      ...SecretStores.parse({ vault: { address: 'https://vault', roleId: 'env:ROLE', secretId: 'env:SECRET' } }).vault,
      address: url,
      timeout: timeoutMs,
    } as VaultOptions['config'];
    const client = createVault({ ...world, config, local: (name) => world.secrets.resolve(name), warn: assert.fail });
    const read = { reference: 'vault:secret/app#field', mount: 'secret', path: 'app', field: 'field' };
    return { ask: () => client.read(read) };
  },
  kinds: {
    // A node that is no leader answers with a redirect; another address is needed, but the next leader may be this one.
    'a redirect': 'unavailable',
  },
  skip: {
    '401 once': 'Vault knows no 401, see vault.test.ts',
    'a passing 404': 'a secret that is not there is an answer',
    'a lasting 404': 'as above',
  },
};

export const ROWS: readonly VendorRow[] = [
  teams,
  github,
  gitlab,
  vault,
  jira,
  servicenow,
  wiz,
  orca,
  prisma,
  prismaCompute,
  lacework,
  vantage,
  cloudhealth,
  cloudhealthRest,
  azureAuth,
  azureCost,
];
