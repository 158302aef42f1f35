import { after } from 'node:test';
import type { z } from 'zod';
import { createLacework, type LaceworkDeps } from '../../../providers/cnapp/lacework/index.ts';
import { Lacework } from '../../../providers/cnapp/lacework/section.ts';
import type { CnappPort, InventoryPage, InventoryQuery, KnownAsset } from '../../../ports/cnapp.ts';
import { assemble, buildEstate } from '../../../sandbox/estate/build.ts';
import { address, instance, volume } from '../../../sandbox/estate/catalogue/base.ts';
import { beacon, imdsV1, log4shell } from '../../../sandbox/estate/catalogue/findings.ts';
import { namedKey, withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import type { Estate, SeededAsset } from '../../../sandbox/estate/types.ts';
import { createLaceworkSimulator } from '../../../sandbox/lacework/index.ts';
import type { CloudState, LaceworkSimulatorOptions } from '../../../sandbox/lacework/types.ts';
import type { InventoryAsset, ResourceType } from '../../../schemas/asset.ts';

export const SECRET = '_lacework-secret-5551212';
export const SUBSCRIPTION = '0a1b2c3d-0000-4000-8000-00000000beef';
export const PROJECT = 'acme-shop-prod';
export const PROD = '111122223333';
const DAY = 86_400_000;

export const TYPES = [
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EC2::EIP',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::RDS::DBInstance',
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Compute/disks',
  'Microsoft.Network/publicIPAddresses',
  'compute.googleapis.com/Instance',
  'compute.googleapis.com/Disk',
  'compute.googleapis.com/Address',
] as const;

const westEurope = { accountId: SUBSCRIPTION, region: 'westeurope' };
const belgium = { accountId: PROJECT, region: 'europe-west1' };
const exposed = { internetExposed: true, openPorts: ['443'], adminPrivileges: false, sensitiveData: false };

function elsewhere(asset: SeededAsset, resourceType: ResourceType): SeededAsset {
  const moved = { ...asset, resourceType };
  const key = namedKey(moved);
  return { ...moved, assetKey: key, resourceId: key };
}

/** The AWS estate of the sandbox, and a few assets of the two other clouds. */
export function threeClouds(): Estate {
  const aws = withSyntheticIds(buildEstate({ seed: 7 }));
  const assets = [
    ...aws.assets.filter((a) => a.resourceType.startsWith('AWS::')),
    elsewhere(
      instance('idle', 'az-web-1', { at: westEurope, posture: { ...exposed, findings: [log4shell, beacon, imdsV1] } }),
      'Microsoft.Compute/virtualMachines',
    ),
    elsewhere(volume('unattached-volume', 'az-disk-1', { at: westEurope }), 'Microsoft.Compute/disks'),
    elsewhere(address('associated-address', 'az-ip-1', { at: westEurope }), 'Microsoft.Network/publicIPAddresses'),
    elsewhere(
      instance('idle', 'gc-web-1', { at: belgium, posture: { ...exposed, findings: [log4shell, beacon, imdsV1] } }),
      'compute.googleapis.com/Instance',
    ),
    elsewhere(
      instance('stopped-long', 'gc-old-1', { at: belgium, vm: { stopped: true } }),
      'compute.googleapis.com/Instance',
    ),
    elsewhere(volume('unattached-volume', 'gc-disk-1', { at: belgium }), 'compute.googleapis.com/Disk'),
    elsewhere(address('unassociated-address', 'gc-ip-1', { at: belgium }), 'compute.googleapis.com/Address'),
  ];
  const accounts = [
    ...aws.accounts.filter((a) => /^\d{12}$/.test(a.accountId)),
    { accountId: SUBSCRIPTION, name: 'acme-azure', regions: ['westeurope'] },
    { accountId: PROJECT, name: 'acme-google', regions: ['europe-west1'] },
  ];
  return assemble({ seed: aws.seed, now: aws.seededAt, assets, accounts });
}

/** A clock that tests move. */
export function clockFrom(start = Date.now()) {
  let now = start;
  return {
    read: () => now,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

export interface StartOptions extends Partial<LaceworkSimulatorOptions> {
  readonly client?: Partial<Omit<LaceworkDeps, 'config'>>;
  readonly config?: Partial<z.input<typeof Lacework>>;
}

/** A simulator on a free port and the real client pointed at it. Stopped when the test file ends. */
export async function startLacework(options: StartOptions = {}) {
  const { client, config, ...simulatorOptions } = options;
  const estate = options.estate ?? threeClouds();
  const states = new Map<string, CloudState>();
  const simulator = createLaceworkSimulator({
    estate,
    secret: SECRET,
    stateOf: (asset) => states.get(asset.name) ?? 'present',
    resolveDelayMs: 0,
    requestsPerHour: 100_000,
    ...simulatorOptions,
  });
  const base = await simulator.start();
  after(() => simulator.stop());
  const secrets = {
    resolve: async (ref: string) => (ref === 'env:LACEWORK_KEY_ID' ? 'LW_KEY_1' : SECRET),
  };
  const parsed = Lacework.parse({
    apiUrl: base,
    keyId: 'env:LACEWORK_KEY_ID',
    secret: 'env:LACEWORK_SECRET',
    requestsPerHour: 100_000,
    alertsFor: 0,
    scanPoll: 0,
    accountFactsFor: 0,
    ...config,
  });
  const clock = options.clock === undefined ? {} : { clock: options.clock };
  /** A client that knows nothing of what was asked before, as after a restart. */
  const again = () => createLacework({ config: parsed, secrets, ...clock, ...client });
  const lacework = again();
  const calls = (part: string) => simulator.journal.entries().filter((e) => e.path.includes(part));
  return { lacework, simulator, estate, states, base, calls, again };
}

export const everythingIn = (accountId: string, region: string, pageSize = 200): InventoryQuery => ({
  accountId,
  region,
  resourceTypes: TYPES,
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

/** One asset as the inventory lists it. */
export async function find(port: CnappPort, estate: Estate, name: string): Promise<InventoryAsset> {
  const seeded = estate.assets.find((a) => a.name === name);
  if (!seeded) throw new Error(`no asset ${name}`);
  const pages = await readAll(port, everythingIn(seeded.accountId, seeded.region));
  const asset = pages.flatMap((p) => p.assets).find((a) => a.assetKey === seeded.assetKey);
  if (!asset) throw new Error(`${name} is not in the inventory`);
  return asset;
}

/** Polls a rescan to its end, at most ten times. */
export async function follow(port: CnappPort, asset: KnownAsset, pause = () => {}): Promise<string[]> {
  const { rescanId } = await port.requestRescan(asset);
  const seen: string[] = [];
  while (seen.length < 10) {
    pause();
    seen.push(await port.rescanStatus(rescanId));
    if (seen.at(-1) !== 'pending' && seen.at(-1) !== 'running') break;
  }
  return seen;
}

export const days = (n: number): number => n * DAY;
