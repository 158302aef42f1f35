import { ComputeManagementClient } from '@azure/arm-compute';
import { NetworkManagementClient } from '@azure/arm-network';
import { SqlManagementClient } from '@azure/arm-sql';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { MetricsClient } from '@azure/monitor-query-metrics';
import type { AzureSession } from '../../providers/cloud/azure/clients.ts';
import { at } from '../../providers/rows.ts';

/** What Azure would answer to a path; undefined is an empty list. */
export type Answer = (path: string, query: URLSearchParams) => unknown;

/** Azure's own clients over a recording instead of a network, so that their readers of answers are tried as well. */
export function recordedSession(answer: Answer): AzureSession {
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const { pathname, searchParams } = new URL(request.url);
      const body = answer(decodeURIComponent(pathname), searchParams) ?? { value: [] };
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      return { request, status: 200, headers, bodyAsText: JSON.stringify(body) };
    },
  };
  const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
  const endpoint = 'https://recorded.invalid';
  const settings = { endpoint, httpClient, retryOptions: { maxRetries: 0 } };
  const read = (path: string) =>
    answer(path.split('?')[0] ?? '', new URLSearchParams(path.split('?')[1])) ?? { value: [] };
  return {
    compute: new ComputeManagementClient(credential, 's', settings),
    network: new NetworkManagementClient(credential, 's', settings),
    sql: new SqlManagementClient(credential, 's', settings),
    arm: {
      get: async (path) => read(path),
      list: async (path) => at(read(path), ['value']) as readonly unknown[],
    },
    metrics: () => new MetricsClient(endpoint, credential, settings),
    destroy() {},
  };
}
