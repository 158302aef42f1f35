import { AzureCost } from '../../../providers/cost/azure-cost-management/section.ts';
import { CostCloudHealth } from '../../../providers/cost/cloudhealth/section.ts';
import { CostVantage } from '../../../providers/cost/vantage/section.ts';
import { createAzureTokens } from '../../../providers/azure-auth/index.ts';
import { createAzureCost } from '../../../providers/cost/azure-cost-management/index.ts';
import { createCloudHealthClient } from '../../../providers/cost/cloudhealth/client.ts';
import { REPORT } from '../../../providers/cost/cloudhealth/documents.ts';
import { OlapReport, ReportNode } from '../../../providers/cost/cloudhealth/wire.ts';
import { createVantageCost } from '../../../providers/cost/vantage/index.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import type { VendorRow } from './row.ts';
import type { Seen } from './scripted-server.ts';

const HOUR_MS = 3_600_000;
const COST = { currency: 'USD', cacheFor: HOUR_MS, unbilledCacheFor: HOUR_MS };
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
      properties: {
        nextLink: null,
        // As Azure calls them in an answer that is grouped by resource.
        columns: [
          'Cost',
          'UsageDate',
          'ResourceId',
          'ServiceName',
          'ResourceLocation',
          'PricingModel',
          'ChargeType',
          'Currency',
        ].map((name) => ({ name, type: 'String' })),
        rows: [],
      },
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

export const COST_ROWS: readonly VendorRow[] = [vantage, cloudhealth, cloudhealthRest, azureAuth, azureCost];
