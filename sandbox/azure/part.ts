import { randomBytes } from 'node:crypto';
import { billOf } from '../clouds/bill.ts';
import { accountsOf } from '../estate/clouds.ts';
import { sandboxPhase } from '../estate/places.ts';
import type { SandboxPart } from '../kit/part.ts';
import { AZURE_TENANT, AzureApp, createAzureSimulator } from './index.ts';

const secret = () => randomBytes(20).toString('hex');

export const azure: SandboxPart = {
  port: 4567,
  secrets: { 'azure-read-secret': secret, 'azure-reversible-secret': secret, 'azure-destructive-secret': secret },
  create({ estate, stateFile, secret: valueOf }) {
    const simulator = createAzureSimulator({
      estate,
      stateFile,
      secrets: {
        read: valueOf('azure-read-secret'),
        reversible: valueOf('azure-reversible-secret'),
        destructive: valueOf('azure-destructive-secret'),
      },
    });
    const { world } = simulator.azure;
    const bill = billOf(world, {
      instance: 'Virtual Machines',
      volume: 'Storage',
      address: 'Virtual Network',
      'load-balancer': 'Load Balancer',
      database: 'SQL Managed Instance',
      resource: 'Other',
    });
    return {
      ...simulator,
      cloud: {
        provider: 'azure',
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
    const executorIdentities = {
      reversible: { clientId: AzureApp.reversible, clientSecret: ref('azure-reversible-secret') },
      destructive: { clientId: AzureApp.destructive, clientSecret: ref('azure-destructive-secret') },
    };
    config.azure = {
      tenantId: AZURE_TENANT,
      authorityUrl: url('azure'),
      armUrl: url('azure'),
      metricsUrl: `${url('azure')}/regions/{region}`,
      readIdentity: { clientId: AzureApp.read, clientSecret: ref('azure-read-secret') },
      subscriptions: accountsOf('azure').map(({ accountId, name, regions }) => ({
        subscriptionId: accountId,
        name,
        regions: [...regions],
        phase: sandboxPhase({ accountId, region: regions[0] ?? '' }),
        phaseByRegion: Object.fromEntries(regions.map((region) => [region, sandboxPhase({ accountId, region })])),
        executorIdentities,
      })),
    };
  },
};
