import { placesOf } from '../../domain/places.ts';
import type { Config } from '../../config/schema.ts';
import type { CloudProvider } from '../../schemas/resource-type.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { CacheStore } from '../../ports/store.ts';
import type { CostPort } from '../../ports/cost.ts';

export interface CostParts {
  readonly config: Config;
  readonly secrets: SecretsPort;
  readonly cache: CacheStore;
}

interface CostSource {
  /** Clouds whose bills it has. */
  readonly clouds: readonly CloudProvider[];
  /** Loads the adapter; `section` gives a part of the configuration, or the error that it is missing. */
  create(parts: CostParts, section: <T>(value: T | undefined, name: string) => T): Promise<CostPort>;
}

const EVERY_CLOUD: readonly CloudProvider[] = ['aws', 'azure', 'gcp'];
const of = (config: Config, provider: CloudProvider) => placesOf(config).filter((p) => p.provider === provider);

/** Every cost source there is, by its name in `cost.vendor`. */
export const COST_VENDORS = {
  'aws-cost-explorer': {
    clouds: ['aws'],
    async create({ config, secrets, cache }) {
      const { createAwsClients } = await import('../cloud/aws/clients.ts');
      const { createCostExplorer } = await import('./aws-cost-explorer/index.ts');
      const { accounts } = config;
      const clients = createAwsClients({ config: config.aws, accounts, secrets, role: 'read' });
      return createCostExplorer({ clients, accounts, config: config.cost, cache });
    },
  },
  azure: {
    clouds: ['azure'],
    async create({ config, secrets, cache }, section) {
      const { createAzureTokens } = await import('../azure-auth/index.ts');
      const { createAzureCost } = await import('./azure-cost-management/index.ts');
      const azure = config.cost.azure;
      const { tenantId, authorityUrl, readIdentity, armUrl } = section(config.azure, 'azure');
      const identity = azure.identity ?? { tenantId, authorityUrl, ...readIdentity };
      return createAzureCost({
        config: config.cost,
        azure,
        apiUrl: azure.apiUrl ?? armUrl,
        tokens: createAzureTokens({ ...identity, secrets }),
        accounts: of(config, 'azure'),
        cache,
      });
    },
  },
  gcp: {
    clouds: ['gcp'],
    async create({ config, secrets, cache }, section) {
      const { createGoogleAuth } = await import('../google-auth/index.ts');
      const { createGcpBilling } = await import('./gcp-billing/index.ts');
      const billing = section(config.cost.gcp, 'cost.gcp');
      const gcp = section(config.gcp, 'gcp');
      return createGcpBilling({
        config: config.cost,
        gcp: billing,
        auth: createGoogleAuth({
          credentials: billing.credentials ?? gcp.readCredentials,
          tokenUrl: billing.tokenUrl ?? gcp.tokenUrl,
          secrets,
        }),
        accounts: of(config, 'gcp'),
        cache,
      });
    },
  },
  vantage: {
    clouds: EVERY_CLOUD,
    async create({ config, secrets, cache }, section) {
      const { createVantageCost } = await import('./vantage/index.ts');
      const vantage = section(config.cost.vantage, 'cost.vantage');
      return createVantageCost({ config: vantage, cost: config.cost, secrets, cache });
    },
  },
  cloudhealth: {
    clouds: EVERY_CLOUD,
    async create({ config, secrets, cache }, section) {
      const { createCloudHealthCost } = await import('./cloudhealth/index.ts');
      const cloudhealth = section(config.cost.cloudhealth, 'cost.cloudhealth');
      return createCloudHealthCost({
        config: cloudhealth,
        cost: config.cost,
        accounts: placesOf(config),
        secrets,
        cache,
      });
    },
  },
  focus: {
    clouds: EVERY_CLOUD,
    create: async ({ config }) => (await import('./focus/index.ts')).createFocusCost({ config: config.cost }),
  },
} as const satisfies Record<string, CostSource>;
