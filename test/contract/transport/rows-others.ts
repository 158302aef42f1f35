import { generateKeyPairSync } from 'node:crypto';
import { createGoogleAuth } from '../../../providers/google-auth/index.ts';
import assert from 'node:assert/strict';
import { z } from 'zod';
import { Routing } from '../../../config/routing.ts';
import { Config } from '../../../config/schema.ts';
import { SecretStores } from '../../../config/secret-stores.ts';
import { createTeamsClient } from '../../../providers/chat/teams/client.ts';
import { createGitHubRouting } from '../../../providers/routing/github/index.ts';
import { createGitLabRouting } from '../../../providers/routing/gitlab/index.ts';
import { createVault, type VaultOptions } from '../../../providers/secrets/vault/index.ts';
import { createServiceNowClient } from '../../../providers/servicenow/client.ts';
import { createJiraClient } from '../../../providers/tickets/jira/client.ts';
import { teamsConfig } from '../teams/bench.ts';
import { serviceNowConfig } from '../servicenow/harness.ts';
import type { VendorRow } from './row.ts';

const HOUR_MS = 3_600_000;
const bearer = { access_token: 'token', expires_in: 3600 };

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

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const googleAuth: VendorRow = {
  name: 'google-auth',
  path: '/token',
  good: { body: bearer },
  token: null,
  connect({ url, ...world }) {
    const key = { type: 'service_account', client_email: 'a@b.iam.gserviceaccount.com', private_key: privateKey };
    const secrets = { resolve: async () => JSON.stringify(key) };
    const client = createGoogleAuth({ ...world, secrets, credentials: 'env:KEY', tokenUrl: `${url}/token` });
    return { ask: () => client.getAccessToken() };
  },
  // The endpoint itself: what it refuses are the credentials, and there is nothing to renew them with.
  skip: { '401 once': 'a refused key is not renewed by asking again' },
  kinds: { 'a lasting 404': 'unauthorised' },
};

export const OTHER_ROWS: readonly VendorRow[] = [googleAuth, jira, servicenow, teams, github, gitlab, vault];
