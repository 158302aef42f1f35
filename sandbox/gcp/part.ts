import { billOf } from '../clouds/bill.ts';
import { accountsOf } from '../estate/clouds.ts';
import { sandboxPhase } from '../estate/places.ts';
import { createServiceAccount, type ServiceAccountKey } from '../gcp-billing/service-account.ts';
import type { SandboxPart } from '../kit/part.ts';
import { createGcpSimulator, GcpAccount } from './index.ts';

/** A key file of one of the accounts, which gets its tokens here. */
const keyOf = (account: string) => (at: { url(part: string): string }) => {
  const [name = '', host = ''] = account.split('@');
  const projectId = host.split('.')[0] ?? '';
  return JSON.stringify(createServiceAccount({ projectId, name, tokenUri: `${at.url('gcp')}/token` }));
};

export const gcp: SandboxPart = {
  port: 4570,
  secrets: { 'gcp-read-key': keyOf(GcpAccount.read), 'gcp-executor-key': keyOf(GcpAccount.executor) },
  create({ estate, stateFile, secret }) {
    const key = (name: string) => JSON.parse(secret(name)) as ServiceAccountKey;
    const simulator = createGcpSimulator({
      estate,
      stateFile,
      keys: { read: key('gcp-read-key'), executor: key('gcp-executor-key') },
    });
    const { world } = simulator.gcp;
    const bill = billOf(world, {
      instance: 'Compute Engine',
      volume: 'Compute Engine',
      address: 'Networking',
      'load-balancer': 'Networking',
      database: 'Cloud SQL',
      resource: 'Other',
    });
    return {
      ...simulator,
      cloud: {
        provider: 'gcp',
        bill,
        sizeOf: async (asset) => world.find(asset.assetKey)?.size ?? null,
        async stateOf(asset) {
          const found = world.find(asset.assetKey);
          if (found === null) return 'gone';
          return found.power === 'stopped' ? 'stopped' : 'present';
        },
      },
    };
  },
  configure(config, { url, ref }) {
    const executorServiceAccounts = { reversible: GcpAccount.reversible, destructive: GcpAccount.destructive };
    config.gcp = {
      readCredentials: ref('gcp-read-key'),
      executorCredentials: ref('gcp-executor-key'),
      computeUrl: url('gcp'),
      sqlUrl: url('gcp'),
      monitoringUrl: url('gcp'),
      loggingUrl: url('gcp'),
      iamCredentialsUrl: url('gcp'),
      projects: accountsOf('gcp').map(({ accountId, name, regions }) => ({
        projectId: accountId,
        name,
        regions: [...regions],
        phase: sandboxPhase({ accountId, region: regions[0] ?? '' }),
        phaseByRegion: Object.fromEntries(regions.map((region) => [region, sandboxPhase({ accountId, region })])),
        executorServiceAccounts,
      })),
    };
  },
};
