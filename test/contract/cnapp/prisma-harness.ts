import { after } from 'node:test';
import type { CnappPort, InventoryPage, InventoryQuery } from '../../../ports/cnapp.ts';
import { createPrisma, type PrismaDeps } from '../../../providers/cnapp/prisma/index.ts';
import { Prisma, type PrismaConfig } from '../../../providers/cnapp/prisma/section.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import type { Estate, SeededAsset } from '../../../sandbox/estate/types.ts';
import { createPrismaSimulator } from '../../../sandbox/prisma/index.ts';
import type { CloudState, PrismaSimulatorOptions } from '../../../sandbox/prisma/types.ts';
import type { InventoryAsset, ResourceType } from '../../../schemas/asset.ts';

export const SECRET = 'prisma-secret-5551212';
export const SUBSCRIPTION = '0a1b2c3d-0000-4000-8000-00000000a1b2';
export const PROJECT = 'acme-analytics';
export const EVERY_TYPE = [
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EC2::EIP',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::RDS::DBInstance',
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Compute/disks',
  'Microsoft.Network/publicIPAddresses',
  'Microsoft.Sql/managedInstances',
  'compute.googleapis.com/Instance',
  'compute.googleapis.com/Disk',
  'compute.googleapis.com/Address',
  'sqladmin.googleapis.com/Instance',
] as const satisfies readonly ResourceType[];

/** The seeded estate with a few assets of the other two clouds, whatever else it holds. */
export function threeClouds(): Estate {
  const estate = withSyntheticIds(buildEstate({ seed: 7 }));
  const own = estate.assets.filter((a) => a.resourceType.startsWith('AWS::'));
  return {
    ...estate,
    accounts: [
      ...estate.accounts.filter((a) => /^\d{12}$/.test(a.accountId)),
      { accountId: SUBSCRIPTION, name: 'acme-azure', regions: ['westeurope'] },
      { accountId: PROJECT, name: 'acme-analytics', regions: ['europe-west1'] },
    ],
    assets: [...own, ...others()],
  };
}

function others(): SeededAsset[] {
  const azure = (name: string, type: ResourceType, more: Partial<SeededAsset> = {}) =>
    asset(name, { accountId: SUBSCRIPTION, region: 'westeurope', resourceType: type, ...more }, (n) =>
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-acme/providers/${type}/${n}`.toLowerCase(),
    );
  const google = (name: string, type: ResourceType, place: string, more: Partial<SeededAsset> = {}) =>
    asset(name, { accountId: PROJECT, region: 'europe-west1', resourceType: type, ...more }, (n) =>
      type.startsWith('sqladmin')
        ? `//cloudsql.googleapis.com/projects/${PROJECT}/instances/${n}`
        : `//compute.googleapis.com/projects/${PROJECT}/${place}/${n}`,
    );
  const vm = { instance: { instanceType: 'small' } };
  const exposed = {
    internetExposed: true,
    openPorts: ['3389'],
    adminPrivileges: false,
    sensitiveData: false,
    findings: [],
  };
  return [
    azure('az-vm', 'Microsoft.Compute/virtualMachines', { ...vm, posture: exposed }),
    azure('az-vm-stopped', 'Microsoft.Compute/virtualMachines', { instance: { instanceType: 'small', stopped: true } }),
    azure('az-disk', 'Microsoft.Compute/disks', { volume: { sizeGiB: 64, volumeType: 'Premium_LRS' } }),
    azure('az-disk-used', 'Microsoft.Compute/disks', {
      volume: { sizeGiB: 64, volumeType: 'Premium_LRS', attachedTo: 'az-vm' },
    }),
    azure('az-ip', 'Microsoft.Network/publicIPAddresses', { address: {} }),
    azure('az-sql', 'Microsoft.Sql/managedInstances'),
    google('gc-vm', 'compute.googleapis.com/Instance', 'zones/europe-west1-b/instances', { ...vm, posture: exposed }),
    google('gc-disk', 'compute.googleapis.com/Disk', 'zones/europe-west1-b/disks', {
      volume: { sizeGiB: 50, volumeType: 'pd-ssd' },
    }),
    google('gc-ip', 'compute.googleapis.com/Address', 'regions/europe-west1/addresses', { address: {} }),
    google('gc-sql', 'sqladmin.googleapis.com/Instance', ''),
  ];
}

type Placed = Pick<SeededAsset, 'accountId' | 'region' | 'resourceType'> & Partial<SeededAsset>;

function asset(name: string, placed: Placed, key: (name: string) => string): SeededAsset {
  const assetKey = key(name);
  return {
    name,
    archetype: 'idle',
    resourceId: assetKey,
    assetKey,
    createdDaysAgo: 120,
    tags: { owner: 'dev@acme.example', environment: 'staging' },
    environment: 'staging',
    trulyIdle: true,
    dailyCost: null,
    posture: { internetExposed: false, openPorts: [], adminPrivileges: false, sensitiveData: false, findings: [] },
    cmdb: null,
    createdBy: null,
    demo: null,
    ...placed,
  };
}

export function prismaConfig(apiUrl: string, overrides: Partial<PrismaConfig> = {}): PrismaConfig {
  const base = Prisma.parse({ apiUrl, accessKeyId: 'env:PRISMA_KEY', secretKey: 'env:PRISMA_SECRET', timeout: 3000 });
  return { ...base, ...overrides };
}

interface Start extends Partial<PrismaSimulatorOptions> {
  readonly config?: Partial<PrismaConfig>;
  readonly client?: Partial<PrismaDeps>;
}

/** A simulator on a free port and the real client pointed at it. Stopped when the test file ends. */
export async function startPrisma({ config, client, ...options }: Start = {}) {
  const estate = options.estate ?? threeClouds();
  const states = new Map<string, CloudState>();
  const simulator = createPrismaSimulator({
    estate,
    secretKey: SECRET,
    stateOf: (a) => states.get(a.name) ?? 'present',
    resolveDelayMs: 0,
    rateLimits: { '*': { perSecond: 1e5, burst: 1e5 }, '/v2/alert': { perSecond: 1e5, burst: 1e5 } },
    ...options,
  });
  const base = await simulator.start();
  after(() => simulator.stop());
  const prisma = createPrisma({
    config: prismaConfig(base, config),
    secrets: { resolve: async (ref) => (ref === 'env:PRISMA_KEY' ? 'prisma-key' : SECRET) },
    ...client,
  });
  const sent = (path: RegExp) => simulator.journal.entries().filter((e) => path.test(e.path));
  return { prisma, simulator, estate, states, base, sent };
}

export const everythingIn = (accountId: string, region: string, pageSize = 200): InventoryQuery => ({
  accountId,
  region,
  resourceTypes: EVERY_TYPE,
  cursor: null,
  pageSize,
});

export async function readAll(port: CnappPort, query: InventoryQuery): Promise<InventoryPage[]> {
  const pages: InventoryPage[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: InventoryPage = await port.listAssets({ ...query, cursor });
    pages.push(page);
    if (page.nextCursor === null) return pages;
    cursor = page.nextCursor;
  }
}

/** An inventory row by the name of its asset. */
export async function find(site: Awaited<ReturnType<typeof startPrisma>>, name: string): Promise<InventoryAsset> {
  const seeded = site.estate.assets.find((a) => a.name === name);
  if (!seeded) throw new Error(`no asset ${name}`);
  const query = { ...everythingIn(seeded.accountId, seeded.region), resourceTypes: [seeded.resourceType] };
  const row = (await readAll(site.prisma, query)).flatMap((p) => p.assets).find((a) => a.name === name);
  if (!row) throw new Error(`${name} is not in the inventory`);
  return row;
}
