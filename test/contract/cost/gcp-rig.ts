import { GcpBilling } from '../../../providers/cost/gcp-billing/section.ts';
import { createGcpBilling } from '../../../providers/cost/gcp-billing/index.ts';
import type { QueryUsage } from '../../../providers/cost/gcp-billing/run.ts';
import { createGoogleAuth } from '../../../providers/google-auth/index.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { createGcpBillingSimulator, type GcpBillingSimulatorOptions } from '../../../sandbox/gcp-billing/index.ts';
import { createServiceAccount } from '../../../sandbox/gcp-billing/service-account.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import type { Billed } from './azure-gcp-bill.ts';

export const PROJECT = 'acme-prod-314159';
export const OTHER = 'acme-dev-271828';
export const TABLE = 'acme-finops.billing.gcp_billing_export_resource_v1_01ABCD_234EFG_567HIJ';
const QUERIES_IN = 'acme-finops';
/** Making a key takes a while, so all tests share one. */
export const KEY = createServiceAccount({ projectId: QUERIES_IN, name: 'idlewise', tokenUri: 'http://127.0.0.1:9' });

export function vmName(name: string, project = PROJECT): string {
  return `//compute.googleapis.com/projects/${project}/zones/europe-west1-b/instances/${name}`;
}

export function vm(name: string, daily: Billed['daily'], more: Partial<Billed> = {}): Billed {
  return { accountId: PROJECT, resourceId: vmName(name), daily, service: 'Compute Engine', ...more };
}

export type Rig = Awaited<ReturnType<typeof startGcp>>;

export async function startGcp(
  options: Pick<GcpBillingSimulatorOptions, 'billRows'> & Partial<GcpBillingSimulatorOptions>,
) {
  const simulator = createGcpBillingSimulator({ serviceAccount: KEY, projectId: QUERIES_IN, table: TABLE, ...options });
  const url = await simulator.start();
  const keyFile = JSON.stringify({ ...KEY, token_uri: `${url}/token` });
  const secrets: SecretsPort = { resolve: async (ref) => (ref === 'env:KEY' ? keyFile : ref.slice('env:'.length)) };
  const usage: QueryUsage[] = [];
  const auth = (over: { credentials?: string; tokenUrl?: string } = {}) =>
    createGoogleAuth({ credentials: 'env:KEY', secrets, ...over });
  const config = (over: Partial<GcpBilling> = {}): GcpBilling => ({
    ...GcpBilling.parse({ projectId: QUERIES_IN, table: TABLE, apiUrl: url }),
    retries: 0,
    ...over,
  });
  return {
    simulator,
    url,
    auth,
    config,
    /** Told of by the adapter. */
    usage,
    calls: () => simulator.journal.entries().filter((e) => e.path.startsWith('/bigquery/')),
    port: (
      over: Partial<GcpBilling> = {},
      more: { cache?: ReturnType<typeof memoryCache>; credentials?: string; accounts?: readonly string[] } = {},
    ) =>
      createGcpBilling({
        config: { currency: 'USD', cacheFor: 86_400_000, unbilledCacheFor: 86_400_000 },
        gcp: config(over),
        auth: auth(more.credentials === undefined ? {} : { credentials: more.credentials }),
        accounts: (more.accounts ?? [PROJECT, OTHER]).map((accountId) => ({ accountId })),
        cache: more.cache ?? memoryCache(),
        onQuery: (used) => usage.push(used),
      }),
    [Symbol.asyncDispose]: () => simulator.stop(),
  };
}
