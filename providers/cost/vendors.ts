import { placesOf } from '../../domain/places.ts';
import type { CostPort } from '../../ports/cost.ts';
import { ProviderError, ProviderErrorKind } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { CacheStore } from '../../ports/store.ts';
import type { CloudProvider } from '../../schemas/resource-type.ts';
import type { Aws, AwsAccount } from '../cloud/aws/section.ts';
import type { Azure } from '../cloud/azure/section.ts';
import type { Gcp } from '../cloud/gcp/section.ts';
import { vendorsOf } from '../vendor.ts';
import { AzureCost } from './azure-cost-management/section.ts';
import { CostCloudHealth } from './cloudhealth/section.ts';
import { FocusFiles } from './focus/section.ts';
import { GcpBilling } from './gcp-billing/section.ts';
import type { CostSettings } from './settings.ts';
import { CostVantage } from './vantage/section.ts';

export interface CostParts {
  readonly settings: CostSettings;
  readonly secrets: SecretsPort;
  readonly cache: CacheStore;
  /** A cloud's own bill is read for the accounts, and if nothing else is said under the identity, of that cloud's section. */
  readonly clouds: {
    readonly aws: Aws;
    readonly accounts: readonly AwsAccount[];
    readonly azure?: Azure | undefined;
    readonly gcp?: Gcp | undefined;
  };
}

const { vendor } = vendorsOf<CostParts, CostPort>();

const EVERY_CLOUD: readonly CloudProvider[] = ['aws', 'azure', 'gcp'];
const only = (provider: CloudProvider): readonly CloudProvider[] => [provider];
const placesIn = ({ clouds }: CostParts, provider: CloudProvider) =>
  placesOf(clouds).filter((p) => p.provider === provider);

/** Every cost source there is, by its name in `cost.vendor`, with the clouds whose bills it has. */
export const COST_VENDORS = {
  'aws-cost-explorer': {
    clouds: only('aws'),
    ...vendor(null, async (_, { settings, secrets, cache, clouds: { aws, accounts } }) => {
      const { createAwsClients } = await import('../cloud/aws/clients.ts');
      const { createCostExplorer } = await import('./aws-cost-explorer/index.ts');
      const clients = createAwsClients({ config: aws, accounts, secrets, role: 'read' });
      return createCostExplorer({ clients, accounts, config: settings, cache });
    }),
  },
  azure: {
    clouds: only('azure'),
    ...vendor(AzureCost, async (azure, parts) => {
      const { createAzureTokens } = await import('../azure-auth/index.ts');
      const { createAzureCost } = await import('./azure-cost-management/index.ts');
      const { settings, secrets, cache, clouds } = parts;
      const { tenantId, authorityUrl, readIdentity, armUrl } = cloud(clouds.azure, 'azure');
      const identity = azure.identity ?? { tenantId, authorityUrl, ...readIdentity };
      return createAzureCost({
        config: settings,
        azure,
        apiUrl: azure.apiUrl ?? armUrl,
        tokens: createAzureTokens({ ...identity, secrets }),
        accounts: placesIn(parts, 'azure'),
        cache,
      });
    }),
  },
  gcp: {
    clouds: only('gcp'),
    ...vendor(GcpBilling, async (billing, parts) => {
      const { createGoogleAuth } = await import('../google-auth/index.ts');
      const { createGcpBilling } = await import('./gcp-billing/index.ts');
      const { settings, secrets, cache, clouds } = parts;
      const { readCredentials, tokenUrl } = cloud(clouds.gcp, 'gcp');
      return createGcpBilling({
        config: settings,
        gcp: billing,
        auth: createGoogleAuth({
          credentials: billing.credentials ?? readCredentials,
          tokenUrl: billing.tokenUrl ?? tokenUrl,
          secrets,
        }),
        accounts: placesIn(parts, 'gcp'),
        cache,
      });
    }),
  },
  vantage: {
    clouds: EVERY_CLOUD,
    ...vendor(CostVantage, async (config, { settings, secrets, cache }) =>
      (await import('./vantage/index.ts')).createVantageCost({ config, cost: settings, secrets, cache }),
    ),
  },
  cloudhealth: {
    clouds: EVERY_CLOUD,
    ...vendor(CostCloudHealth, async (config, { settings, secrets, cache, clouds }) =>
      (await import('./cloudhealth/index.ts')).createCloudHealthCost({
        config,
        cost: settings,
        accounts: placesOf(clouds),
        secrets,
        cache,
      }),
    ),
  },
  focus: {
    clouds: EVERY_CLOUD,
    ...vendor(FocusFiles, async (focus, { settings }) =>
      (await import('./focus/index.ts')).createFocusCost({ config: { ...settings, focus } }),
    ),
  },
};

/** The bill of a cloud nobody configured has no accounts to be read for. */
function cloud<T>(section: T | undefined, name: string): T {
  if (section !== undefined) return section;
  throw new ProviderError({
    kind: ProviderErrorKind.Terminal,
    provider: 'idlewise',
    operation: 'cost',
    message: `the configuration has no section ${name}, although cost.vendor names its bill; add it`,
  });
}
