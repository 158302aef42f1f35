import { kindOf } from '../../../../domain/resource-kinds.ts';
import type { Described } from '../../../../ports/cloud.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { ResourceKind } from '../../../../schemas/resource-type.ts';
import { describeKinds } from '../../shared/describe-kinds.ts';
import type { AzureSession } from '../clients.ts';
import { describeAddresses } from './addresses.ts';
import { describeDatabases } from './databases.ts';
import { describeDisks } from './disks.ts';
import { describeLoadBalancers, readCreatedTimes } from './load-balancers.ts';
import { readLocks } from './locks.ts';
import { type NetworkIndex, readNetworkIndex } from './network-index.ts';
import { describeVms } from './vms.ts';

/** What several kinds need and a sweep need not read for every page. */
export interface SharedReads {
  network(): Promise<NetworkIndex>;
  created(): Promise<ReadonlyMap<string, string>>;
}

export function readAfresh(session: AzureSession, subscriptionId: string): SharedReads {
  return {
    network: () => readNetworkIndex(session),
    created: () => readCreatedTimes(session, subscriptionId),
  };
}

/**
 * Facts of assets of one subscription; what is gone is absent, what cannot be read is named. `detailed` also reads locks and
 * failover groups. Throws ProviderError.
 */
export async function describeAssets(
  session: AzureSession,
  assets: readonly AssetRef[],
  options: { readonly detailed: boolean; readonly shared: SharedReads },
): Promise<Described> {
  const { shared, detailed } = options;
  const of = (kind: ResourceKind) => assets.filter((asset) => kindOf(asset.resourceType) === kind);
  const [vms, addresses, balancers, databases] = [of('instance'), of('address'), of('load-balancer'), of('database')];
  const disks = of('volume');
  const subscriptionId = assets[0]?.accountId ?? '';
  const locks = detailed ? await readLocks(session, subscriptionId) : null;
  let network: Promise<NetworkIndex> | undefined;
  const index = () => (network ??= shared.network());
  const described = await describeKinds([
    { assets: vms, read: async () => describeVms(session, vms, { index: await index(), locks }) },
    { assets: addresses, read: async () => describeAddresses(session, addresses, { index: await index(), locks }) },
    { assets: disks, read: () => describeDisks(session, disks, locks) },
    {
      assets: balancers,
      read: async () => describeLoadBalancers(session, balancers, { created: await shared.created(), locks }),
    },
    { assets: databases, read: () => describeDatabases(session, databases, locks) },
  ]);
  const around = await network?.then(
    (read) => read.rejected,
    () => [],
  );
  return { facts: described.facts, rejected: [...described.rejected, ...(around ?? [])] };
}
