import { kindOf } from './kinds.ts';
import type { CloudProvider, ResourceType } from '../../schemas/resource-type.ts';
import { DEV_ACCOUNT, PROD_ACCOUNT } from './accounts.ts';
import { CANARIES } from './canaries.ts';
import { namedKey } from './ids.ts';
import { ANA } from './people.ts';
import type { Estate, SeededAsset } from './types.ts';

/** How one cloud spells what the catalogue says in AWS's words. Null: that cloud's estate has none of these. */
interface Spelling {
  readonly prefix: string;
  readonly accounts: Readonly<Record<string, { readonly accountId: string; readonly name: string }>>;
  readonly regions: Readonly<Record<string, string>>;
  readonly types: Partial<Record<ResourceType, ResourceType>>;
  readonly sizes: readonly (readonly [RegExp, string])[];
  readonly volumeTypes: Readonly<Record<string, string>>;
  readonly database: { readonly engine: string; readonly instanceClass: string };
}

const AZURE: Spelling = {
  prefix: 'az',
  accounts: {
    [PROD_ACCOUNT]: { accountId: '1f0c2a6e-0000-4000-8000-000000000001', name: 'acme-prod-azure' },
    [DEV_ACCOUNT]: { accountId: '1f0c2a6e-0000-4000-8000-000000000002', name: 'acme-dev-azure' },
  },
  regions: { 'us-east-1': 'eastus', 'eu-west-1': 'westeurope' },
  types: {
    'AWS::EC2::Instance': 'Microsoft.Compute/virtualMachines',
    'AWS::EC2::Volume': 'Microsoft.Compute/disks',
    'AWS::EC2::EIP': 'Microsoft.Network/publicIPAddresses',
    'AWS::ElasticLoadBalancingV2::LoadBalancer': 'Microsoft.Network/loadBalancers',
    'AWS::RDS::DBInstance': 'Microsoft.Sql/managedInstances',
  },
  sizes: [
    [/\.4xlarge$/, 'Standard_D16s_v5'],
    [/\.2xlarge$/, 'Standard_D8s_v5'],
    [/\.xlarge$/, 'Standard_D4s_v5'],
    [/\.large$/, 'Standard_D2s_v5'],
    [/^/, 'Standard_B2s'],
  ],
  volumeTypes: { gp3: 'Premium_LRS', gp2: 'StandardSSD_LRS' },
  database: { engine: 'sqlserver', instanceClass: 'GP_Gen5_4' },
};

const GCP: Spelling = {
  prefix: 'gc',
  accounts: {
    [PROD_ACCOUNT]: { accountId: 'acme-prod-314159', name: 'acme-prod-gcp' },
    [DEV_ACCOUNT]: { accountId: 'acme-dev-271828', name: 'acme-dev-gcp' },
  },
  regions: { 'us-east-1': 'us-central1', 'eu-west-1': 'europe-west1' },
  types: {
    'AWS::EC2::Instance': 'compute.googleapis.com/Instance',
    'AWS::EC2::Volume': 'compute.googleapis.com/Disk',
    'AWS::EC2::EIP': 'compute.googleapis.com/Address',
    'AWS::RDS::DBInstance': 'sqladmin.googleapis.com/Instance',
  },
  sizes: [
    [/\.4xlarge$/, 'n2-standard-16'],
    [/\.2xlarge$/, 'n2-standard-8'],
    [/\.xlarge$/, 'n2-standard-4'],
    [/\.large$/, 'n2-standard-2'],
    [/^/, 'e2-medium'],
  ],
  volumeTypes: { gp3: 'pd-balanced', gp2: 'pd-standard' },
  database: { engine: 'postgres', instanceClass: 'db-custom-2-7680' },
};

const SPELLINGS: Readonly<Record<Exclude<CloudProvider, 'aws'>, Spelling>> = { azure: AZURE, gcp: GCP };

/** Accounts of a cloud's part of the estate, by the AWS account whose role they have. */
export function accountsOf(provider: Exclude<CloudProvider, 'aws'>): Estate['accounts'] {
  const { accounts, regions } = SPELLINGS[provider];
  return Object.values(accounts).map((account) => ({ ...account, regions: Object.values(regions) }));
}

/** The place in AWS whose role in the demo (approve, automate, observe) this place has. */
export function awsPlaceOf(place: { accountId: string; region: string }): { accountId: string; region: string } {
  for (const { accounts, regions } of Object.values(SPELLINGS)) {
    const account = Object.entries(accounts).find(([, own]) => own.accountId === place.accountId);
    if (account === undefined) continue;
    const region = Object.entries(regions).find(([, own]) => own === place.region);
    return { accountId: account[0], region: region?.[0] ?? place.region };
  }
  return place;
}

/**
 * The labelled catalogue as it would stand in another cloud: the same archetypes, scripts and truth. Ids are known at once,
 * because these clouds name resources by what people called them. The canaries stay in AWS, where a test looks for them.
 */
export function inCloud(provider: Exclude<CloudProvider, 'aws'>, assets: readonly SeededAsset[]): SeededAsset[] {
  const spelling = SPELLINGS[provider];
  const named = (name: string) => `${spelling.prefix}-${name}`;
  return representative(assets).flatMap((asset) => {
    const resourceType = spelling.types[asset.resourceType];
    const account = spelling.accounts[asset.accountId];
    const region = spelling.regions[asset.region];
    if (resourceType === undefined || account === undefined || region === undefined) return [];
    if (asset.name === CANARIES.assetName || !fits(provider, asset)) return [];
    const place = { name: named(asset.name), accountId: account.accountId, region, resourceType };
    const assetKey = namedKey(place);
    const attached = asset.volume?.attachedTo ?? asset.address?.attachedTo;
    return {
      ...asset,
      ...place,
      assetKey,
      resourceId: assetKey,
      tags: tagsOf(provider, { ...asset.tags, Name: place.name }),
      ...(asset.instance && {
        instance: { ...asset.instance, instanceType: sizeOf(spelling, asset.instance.instanceType) },
      }),
      ...(asset.volume && {
        volume: {
          sizeGiB: asset.volume.sizeGiB,
          volumeType: spelling.volumeTypes[asset.volume.volumeType] ?? asset.volume.volumeType,
          ...(attached && { attachedTo: named(attached) }),
        },
      }),
      ...(asset.database && { database: { ...asset.database, ...spelling.database }, demo: pressed(asset.demo) }),
      ...(asset.address && { address: attached ? { attachedTo: named(attached) } : {} }),
      ...(asset.loadBalancer && {
        loadBalancer: { ...asset.loadBalancer, targets: asset.loadBalancer.targets.map(named) },
        demo: withBackends(asset),
      }),
    };
  });
}

/** In Azure the machines behind a load balancer may reach the internet through it alone: nobody is offered to delete it. */
function withBackends({ demo, loadBalancer }: SeededAsset): SeededAsset['demo'] {
  if (demo === null || demo.expected !== 'remediated' || !loadBalancer?.targets.length) return demo;
  return { ...demo, expected: 'needs-human', steps: [] };
}

/** Elsewhere databases tell less of their use than in AWS, so that a person has to be sure and no policy decides. */
function pressed(demo: SeededAsset['demo']): SeededAsset['demo'] {
  if (demo === null || demo.expected !== 'remediated' || demo.steps.length > 0) return demo;
  return { ...demo, steps: [{ do: 'approve', optionId: 'stop-database', by: [ANA] }] };
}

/** Everything that something happens to, and two of each kind of asset that must be left alone. */
function representative(assets: readonly SeededAsset[]): readonly SeededAsset[] {
  const seen = new Map<string, number>();
  return assets.filter((asset) => {
    if (asset.demo !== null || hosts(assets).has(asset.name)) return true;
    const count = (seen.get(asset.archetype) ?? 0) + 1;
    seen.set(asset.archetype, count);
    return count <= MOST_OF_A_KIND;
  });
}

const MOST_OF_A_KIND = 2;

/** Names of assets others are attached to: a disk without its machine would be another archetype. */
function hosts(assets: readonly SeededAsset[]): ReadonlySet<string> {
  return new Set(
    assets.flatMap((a) => [a.volume?.attachedTo ?? a.address?.attachedTo ?? [], a.loadBalancer?.targets ?? []].flat()),
  );
}

/** A creator is told by CloudTrail alone; without it such an asset shows nothing another does not. */
function fits(provider: CloudProvider, asset: SeededAsset): boolean {
  return provider === 'azure' || kindOf(asset.resourceType) !== 'load-balancer';
}

function sizeOf({ sizes }: Spelling, awsType: string): string {
  return sizes.find(([pattern]) => pattern.test(awsType))?.[1] ?? awsType;
}

/** Google Cloud's labels know lower-case letters, digits, dashes and underscores only. */
function tagsOf(provider: CloudProvider, tags: Readonly<Record<string, string>>): Record<string, string> {
  if (provider !== 'gcp') return { ...tags };
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9_-]+/g, '_')
      .slice(0, 63);
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [plain(key), plain(value)]));
}
