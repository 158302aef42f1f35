import { kindOf } from '../../../../domain/resource-kinds.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { ResourceKind } from '../../../../schemas/resource-type.ts';
import type { GcpSession } from '../clients.ts';
import { parseName } from '../ids.ts';
import { listAddresses, readAddress, toAddressFacts, type WireAddress } from './addresses.ts';
import { listDatabases, readDatabase, toDatabaseFacts, type WireDatabase } from './databases.ts';
import { listDisks, readDisk, toVolumeFacts, type WireDisk } from './disks.ts';
import { diskKeys, listInstances, readInstance, toInstanceFacts } from './instances.ts';
import { rowsOf } from './list-all.ts';
import { type Referrers, readReferrers } from './referrers.ts';
import type { WireInstance } from './wire-instance.ts';

/** Lists of one project that serve all pages of a sweep. */
export interface ProjectLists {
  instances(): Promise<readonly WireInstance[]>;
  disks(): Promise<readonly WireDisk[]>;
  addresses(): Promise<readonly WireAddress[]>;
  databases(): Promise<readonly WireDatabase[]>;
  referrers(zone: string): Promise<Referrers>;
}

export function listsOf(session: GcpSession, project: string): ProjectLists {
  return {
    instances: () => listInstances(session, project),
    disks: () => listDisks(session, project),
    addresses: () => listAddresses(session, project),
    databases: () => listDatabases(session, project),
    referrers: (zone) => readReferrers(session, { project, zone, instance: '-' }),
  };
}

/** Facts by asset key for assets of one project; what is gone is absent. Throws ProviderError. */
export async function describeAssets(
  session: GcpSession,
  assets: readonly AssetRef[],
  lists: ProjectLists,
): Promise<ReadonlyMap<string, CloudFacts>> {
  const of = (kind: ResourceKind) => assets.filter((a) => kindOf(a.resourceType) === kind && parseName(a.assetKey));
  const found = await Promise.all([
    describeInstances(session, of('instance'), lists),
    describe(of('volume'), { one: (key) => readDisk(session, key), all: lists.disks, toFacts: toVolumeFacts }),
    describe(of('address'), { one: (key) => readAddress(session, key), all: lists.addresses, toFacts: toAddressFacts }),
    describeDatabases(session, of('database'), lists),
  ]);
  return new Map(found.flat().map((facts) => [facts.assetKey, facts]));
}

async function describe<T extends { readonly selfLink: string }, F extends CloudFacts>(
  assets: readonly AssetRef[],
  how: {
    one(key: string): Promise<T | null>;
    all(): Promise<readonly T[]>;
    toFacts(asset: AssetRef, row: T): F;
  },
): Promise<F[]> {
  if (assets.length === 0) return [];
  const rows = await rowsOf(
    assets.map((a) => a.assetKey),
    how,
  );
  return assets.flatMap((asset) => {
    const row = rows.get(asset.assetKey);
    return row === undefined ? [] : how.toFacts(asset, row);
  });
}

async function describeInstances(
  session: GcpSession,
  assets: readonly AssetRef[],
  lists: ProjectLists,
): Promise<CloudFacts[]> {
  if (assets.length === 0) return [];
  const keys = assets.map((a) => a.assetKey);
  const rows = await rowsOf(keys, { one: (key) => readInstance(session, key), all: lists.instances });
  if (rows.size === 0) return [];
  const project = assets[0]?.accountId ?? '';
  const wanted = [...rows.values()].flatMap(diskKeys);
  const zones = new Set([...rows.keys()].map((key) => parseName(key)?.place ?? ''));
  const [disks, addresses, referrers] = await Promise.all([
    rowsOf(wanted, { one: (key) => readDisk(session, key), all: lists.disks }),
    lists.addresses(),
    referrersOf(session, { project, keys: [...rows.keys()], zones: [...zones] }, lists),
  ]);
  const byNumber = new Map(addresses.flatMap((row) => (row.address === null ? [] : [[row.address, row] as const])));
  return assets.flatMap((asset) => {
    const row = rows.get(asset.assetKey);
    return row === undefined ? [] : toInstanceFacts(asset, row, { disks, addresses: byNumber, referrers });
  });
}

/** One machine is asked for itself, several zone by zone. */
async function referrersOf(
  session: GcpSession,
  of: { readonly project: string; readonly keys: readonly string[]; readonly zones: readonly string[] },
  lists: ProjectLists,
): Promise<Referrers> {
  const [only] = of.keys;
  const path = only === undefined ? null : parseName(only);
  if (of.keys.length === 1 && path !== null)
    return readReferrers(session, { project: of.project, zone: path.place, instance: path.name });
  const all = await Promise.all(of.zones.map((zone) => lists.referrers(zone)));
  return new Map(all.flatMap((part) => [...part]));
}

async function describeDatabases(
  session: GcpSession,
  assets: readonly AssetRef[],
  lists: ProjectLists,
): Promise<CloudFacts[]> {
  if (assets.length === 0) return [];
  const [only] = assets;
  const rows =
    assets.length === 1 && only !== undefined ? [await readDatabase(session, only.assetKey)] : await lists.databases();
  const byName = new Map(rows.flatMap((row) => (row === null ? [] : [[row.name, row] as const])));
  return assets.flatMap((asset) => {
    const row = byName.get(parseName(asset.assetKey)?.name ?? '');
    return row === undefined ? [] : toDatabaseFacts(asset, row);
  });
}
