import assert from 'node:assert/strict';
import { after } from 'node:test';
import { createOrca, type OrcaDeps } from '../../../providers/cnapp/orca/index.ts';
import { Orca } from '../../../providers/cnapp/orca/section.ts';
import type { CnappPort, InventoryPage, InventoryQuery } from '../../../ports/cnapp.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import type { Estate, SeededAsset } from '../../../sandbox/estate/types.ts';
import { createOrcaSimulator } from '../../../sandbox/orca/index.ts';
import type { CloudState, OrcaSimulatorOptions } from '../../../sandbox/orca/types.ts';
import type { InventoryAsset, ResourceType } from '../../../schemas/asset.ts';

export const TOKEN = 'orca-token-5551212';
export const SUBSCRIPTION = '8d1f9c1e-6c0e-4f57-9d0a-3a5b7c9e1f20';
export const PROJECT = 'acme-lab-1';

const AWS: readonly ResourceType[] = [
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EC2::EIP',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::RDS::DBInstance',
];
const AZURE: readonly ResourceType[] = ['Microsoft.Compute/virtualMachines', 'Microsoft.Compute/disks'];
const GCP: readonly ResourceType[] = [
  'compute.googleapis.com/Instance',
  'compute.googleapis.com/Disk',
  'sqladmin.googleapis.com/Instance',
];
export const EVERY_TYPE = [...AWS, ...AZURE, ...GCP];

/** The seeded estate with a few assets of the two other clouds, all as exposed and vulnerable as `demo-kev-2`. */
export function threeClouds(): Estate {
  const estate = withSyntheticIds(buildEstate({ seed: 7 }));
  const vm = estate.assets.find((a) => a.name === 'demo-kev-2');
  const disk = estate.assets.find((a) => a.archetype === 'unattached-volume');
  assert.ok(vm && disk);
  const group = `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-lab/providers/microsoft.compute`;
  const zone = `//compute.googleapis.com/projects/${PROJECT}/zones/europe-west1-b`;
  const as = (from: SeededAsset, name: string, resourceType: ResourceType, assetKey: string): SeededAsset => ({
    ...from,
    name,
    resourceType,
    resourceId: assetKey,
    assetKey,
    accountId: resourceType.startsWith('Microsoft.') ? SUBSCRIPTION : PROJECT,
    region: resourceType.startsWith('Microsoft.') ? 'westeurope' : 'europe-west1',
  });
  const sql = `//cloudsql.googleapis.com/projects/${PROJECT}/instances/lab-sql`;
  const { instance: _instance, ...database } = vm;
  return {
    ...estate,
    assets: [
      ...estate.assets,
      as(vm, 'Lab-Vm-1', 'Microsoft.Compute/virtualMachines', `${group}/virtualmachines/lab-vm-1`),
      as(disk, 'lab-disk-1', 'Microsoft.Compute/disks', `${group}/disks/lab-disk-1`),
      as(vm, 'lab-gce-1', 'compute.googleapis.com/Instance', `${zone}/instances/lab-gce-1`),
      as(disk, 'lab-pd-1', 'compute.googleapis.com/Disk', `${zone}/disks/lab-pd-1`),
      as(database, 'lab-sql', 'sqladmin.googleapis.com/Instance', sql),
    ],
  };
}

export interface StartOptions extends Partial<OrcaSimulatorOptions> {
  readonly client?: Partial<OrcaDeps>;
  readonly config?: Record<string, unknown>;
  /** What the secret store answers. */
  readonly token?: () => string;
}

/** A simulator on a free port and the real client pointed at it. Stopped when the test file ends. */
export async function startOrca(options: StartOptions = {}) {
  const { client, config, token, ...simulatorOptions } = options;
  const estate = options.estate ?? threeClouds();
  const states = new Map<string, CloudState>();
  const simulator = createOrcaSimulator({
    estate,
    apiToken: TOKEN,
    stateOf: (asset) => states.get(asset.name) ?? 'present',
    resolveDelayMs: 0,
    ...simulatorOptions,
  });
  const base = await simulator.start();
  after(() => simulator.stop());
  const orca = createOrca({
    config: Orca.parse({ apiUrl: base, apiToken: 'env:ORCA_API_TOKEN', ...config }),
    secrets: { resolve: async () => token?.() ?? TOKEN },
    ...client,
  });
  const requests = (path = '/api/') => simulator.journal.entries().filter((entry) => entry.path.startsWith(path));
  return { orca, simulator, estate, states, base, requests };
}

export const everythingIn = (accountId: string, region: string, pageSize = 200): InventoryQuery => ({
  accountId,
  region,
  resourceTypes: EVERY_TYPE,
  cursor: null,
  pageSize,
});

export async function readAll(orca: CnappPort, query: InventoryQuery): Promise<InventoryPage[]> {
  const pages: InventoryPage[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: InventoryPage = await orca.listAssets({ ...query, cursor });
    pages.push(page);
    if (page.nextCursor === null) return pages;
    cursor = page.nextCursor;
  }
}

export async function find(orca: CnappPort, name: string, place: readonly [string, string]): Promise<InventoryAsset> {
  const pages = await readAll(orca, everythingIn(...place));
  const asset = pages.flatMap((page) => page.assets).find((a) => a.name === name);
  assert.ok(asset, name);
  return asset;
}

export const US = ['111122223333', 'us-east-1'] as const;
export const EU = ['111122223333', 'eu-west-1'] as const;
export const LAB_AZURE = [SUBSCRIPTION, 'westeurope'] as const;
export const LAB_GCP = [PROJECT, 'europe-west1'] as const;
