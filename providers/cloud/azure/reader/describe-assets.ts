import { kindOf } from '../../../../domain/resource-kinds.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { ResourceKind } from '../../../../schemas/resource-type.ts';
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
 * Facts by asset key for assets of one subscription; what is gone is absent. `detailed` also reads locks and failover groups.
 * Throws ProviderError.
 */
export async function describeAssets(
  session: AzureSession,
  assets: readonly AssetRef[],
  options: { readonly detailed: boolean; readonly shared: SharedReads },
): Promise<ReadonlyMap<string, CloudFacts>> {
  const { shared, detailed } = options;
  // Of a single asset somebody wants to know whether it is gone, so a row we cannot read must not look like that.
  const strict = detailed || assets.length === 1;
  const of = (kind: ResourceKind) => assets.filter((asset) => kindOf(asset.resourceType) === kind);
  const [vms, addresses, balancers, databases] = [of('instance'), of('address'), of('load-balancer'), of('database')];
  const disks = of('volume');
  const subscriptionId = assets[0]?.accountId ?? '';
  const protectable = vms.length + balancers.length + databases.length > 0;
  const locks = detailed && protectable ? await readLocks(session, subscriptionId) : null;
  const index = vms.length + addresses.length > 0 ? await shared.network() : null;
  const found = await Promise.all([
    index && vms.length > 0 ? describeVms(session, vms, { index, locks, strict }) : [],
    index && addresses.length > 0 ? describeAddresses(session, addresses, { index, strict }) : [],
    disks.length > 0 ? describeDisks(session, disks, strict) : [],
    balancers.length > 0
      ? describeLoadBalancers(session, balancers, { created: await shared.created(), locks, strict })
      : [],
    databases.length > 0 ? describeDatabases(session, databases, { locks, strict }) : [],
  ]);
  return new Map(found.flat().map((facts) => [facts.assetKey, facts]));
}
