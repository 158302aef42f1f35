import { AzureCost } from '../../../providers/cost/azure-cost-management/section.ts';
import { createAzureTokens } from '../../../providers/azure-auth/index.ts';
import { createAzureCost } from '../../../providers/cost/azure-cost-management/index.ts';
import type { CostPort } from '../../../ports/cost.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { type AzureCostSimulatorOptions, createAzureCostSimulator } from '../../../sandbox/azure-cost/index.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import type { Billed } from './azure-gcp-bill.ts';

export const SUBSCRIPTION = '1f0c2a6e-0000-4000-8000-000000000001';
export const OTHER = '1f0c2a6e-0000-4000-8000-000000000002';
const TENANT = 'acme.onmicrosoft.com';
const SECRETS: Readonly<Record<string, string>> = { 'env:ID': 'app-1', 'env:SECRET': 's3cret', 'env:WRONG': 'nope' };
export const secrets: SecretsPort = { resolve: async (ref) => SECRETS[ref] ?? '' };

/** A virtual machine's id as the portal writes it, capitals included. */
export function vmId(name: string, subscription = SUBSCRIPTION): string {
  return `/subscriptions/${subscription}/resourceGroups/Prod/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function vm(name: string, daily: Billed['daily'], more: Partial<Billed> = {}): Billed {
  return { accountId: SUBSCRIPTION, resourceId: vmId(name), daily, region: 'westeurope', ...more };
}

export type Rig = Awaited<ReturnType<typeof startAzure>>;

/** The simulator on a free port; its limits are out of the way unless a test sets them. */
export async function startAzure(
  options: Pick<AzureCostSimulatorOptions, 'billRows'> & Partial<AzureCostSimulatorOptions>,
) {
  const simulator = createAzureCostSimulator({
    tenantId: TENANT,
    clientId: 'app-1',
    clientSecret: 's3cret',
    callsPerMinute: 1e6,
    quotas: [],
    ...options,
  });
  const url = await simulator.start();
  const tokens = (clientSecret = 'env:SECRET') =>
    createAzureTokens({ authorityUrl: url, tenantId: TENANT, clientId: 'env:ID', clientSecret, secrets });
  return {
    simulator,
    url,
    tokens,
    queries: () => simulator.journal.entries().filter((e) => e.path.endsWith('/query')),
    port: (config: Partial<AzureCost> = {}, more: { clientSecret?: string; clock?: () => number } = {}): CostPort =>
      createAzureCost({
        config: { currency: 'USD', cacheFor: 86_400_000, unbilledCacheFor: 86_400_000 },
        azure: { ...AzureCost.parse({}), ...config },
        apiUrl: url,
        tokens: tokens(more.clientSecret),
        accounts: [{ accountId: SUBSCRIPTION }, { accountId: OTHER }],
        cache: memoryCache(),
        ...(more.clock ? { clock: more.clock } : {}),
      }),
    [Symbol.asyncDispose]: () => simulator.stop(),
  };
}
