import { kindOf } from '../../../../domain/resource-kinds.ts';
import type { Described } from '../../../../ports/cloud.ts';
import type { Readings, RejectedRow } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { ResourceKind } from '../../../../schemas/resource-type.ts';
import { describeKinds } from '../../shared/describe-kinds.ts';
import { type FoundRows, factsFrom, readFound } from '../../shared/found-rows.ts';
import type { GcpSession } from '../clients.ts';
import { parseName } from '../ids.ts';
import { addressNode, listAddresses, toAddressFacts, toWireAddress } from './addresses.ts';
import {
  databaseNode,
  databasesByName,
  databasesOf,
  listDatabases,
  toDatabaseFacts,
  toWireDatabase,
} from './databases.ts';
import { diskNode, listDisks, toVolumeFacts, toWireDisk } from './disks.ts';
import { diskKeys, instanceNode, listInstances, toInstanceFacts, toWireInstance } from './instances.ts';
import { type NamedRows, rowsOf } from './list-all.ts';
import { joinReferrers, type Referrers, readReferrers } from './referrers.ts';

/** Lists of one project that serve all pages of a sweep. */
export interface ProjectLists {
  instances(): Promise<NamedRows>;
  disks(): Promise<NamedRows>;
  addresses(): Promise<NamedRows>;
  databases(): Promise<NamedRows>;
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

/** Facts of assets of one project; what is gone is absent, what cannot be read is named. Throws ProviderError. */
export async function describeAssets(
  session: GcpSession,
  assets: readonly AssetRef[],
  lists: ProjectLists,
): Promise<Described> {
  const of = (kind: ResourceKind) => assets.filter((a) => kindOf(a.resourceType) === kind && parseName(a.assetKey));
  const nameless = assets.filter((a) => kindOf(a.resourceType) !== 'resource' && parseName(a.assetKey) === null);
  const kinds = { instance: of('instance'), volume: of('volume'), address: of('address'), database: of('database') };
  const described = await describeKinds([
    { assets: kinds.instance, read: () => describeInstances(session, kinds.instance, lists) },
    {
      assets: kinds.volume,
      read: async () => {
        const found = await disksOf(session, keysOf(kinds.volume), lists);
        return factsFrom(kinds.volume, found, (asset, row) => toVolumeFacts(asset, toWireDisk(row)));
      },
    },
    {
      assets: kinds.address,
      read: async () => {
        const one = (key: string) => addressNode(session, key);
        const found = await rowsOf(keysOf(kinds.address), 'compute.addresses.list', { one, all: lists.addresses });
        return factsFrom(kinds.address, found, (asset, row) => toAddressFacts(asset, toWireAddress(row)));
      },
    },
    { assets: kinds.database, read: () => describeDatabases(session, kinds.database, lists) },
  ]);
  return { facts: described.facts, rejected: [...described.rejected, ...nameless.map(withoutName)] };
}

/** Nobody can ask Google for it, so nobody knows whether it is there. */
function withoutName({ assetKey }: AssetRef): RejectedRow {
  const fix = 'must be the full resource name of Compute Engine or Cloud SQL';
  return { source: 'gcp', operation: 'describe', rowId: assetKey, assetKey, field: 'assetKey', found: assetKey, fix };
}

const keysOf = (assets: readonly AssetRef[]) => assets.map((asset) => asset.assetKey);

function disksOf(session: GcpSession, keys: readonly string[], lists: ProjectLists): Promise<FoundRows<unknown>> {
  return rowsOf(keys, 'compute.disks.list', { one: (key) => diskNode(session, key), all: lists.disks });
}

async function describeInstances(
  session: GcpSession,
  assets: readonly AssetRef[],
  lists: ProjectLists,
): Promise<Readings<CloudFacts>> {
  const one = (key: string) => instanceNode(session, key);
  const found = readFound(
    await rowsOf(keysOf(assets), 'compute.instances.list', { one, all: lists.instances }),
    toWireInstance,
  );
  const keys = [...found.rows.keys()];
  if (keys.length === 0) return { rows: [], rejected: found.rejected };
  const project = assets[0]?.accountId ?? '';
  const zones = new Set(keys.map((key) => parseName(key)?.place ?? ''));
  const [diskNodes, addressNodes, referrers] = await Promise.all([
    disksOf(session, [...found.rows.values()].flatMap(diskKeys), lists),
    lists.addresses(),
    referrersOf(session, { project, keys, zones: [...zones] }, lists),
  ]);
  const disks = readFound(diskNodes, toWireDisk);
  const addresses = readFound(addressNodes, toWireAddress);
  const byNumber = new Map(
    [...addresses.rows.values()].flatMap((row) => (row.address === null ? [] : [[row.address, row] as const])),
  );
  const context = { disks: disks.rows, addresses: byNumber, referrers };
  const facts = factsFrom(assets, found, (asset, row) => toInstanceFacts(asset, row, context));
  return {
    rows: facts.rows,
    rejected: [...facts.rejected, ...disks.rejected, ...addresses.rejected, ...referrers.rejected],
  };
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
  return joinReferrers(await Promise.all(of.zones.map((zone) => lists.referrers(zone))));
}

async function describeDatabases(
  session: GcpSession,
  assets: readonly AssetRef[],
  lists: ProjectLists,
): Promise<Readings<CloudFacts>> {
  const [only] = assets;
  const sole = assets.length === 1 && only !== undefined ? await databaseNode(session, only.assetKey) : undefined;
  const all =
    sole === undefined
      ? await lists.databases()
      : databasesByName({ nodes: sole === null ? [] : [sole], unreachable: [] });
  return factsFrom(assets, databasesOf(assets, all), (asset, row) => toDatabaseFacts(asset, toWireDatabase(row)));
}
