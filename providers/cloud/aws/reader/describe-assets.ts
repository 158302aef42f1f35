import type { Described } from '../../../../ports/cloud.ts';
import type { AssetRef, ResourceType } from '../../../../schemas/asset.ts';
import { describeKinds } from '../../shared/describe-kinds.ts';
import type { RegionalClients } from '../clients.ts';
import { describeAddresses } from './addresses.ts';
import { describeDatabases } from './databases.ts';
import { describeInstances } from './instances.ts';
import { describeLoadBalancers } from './load-balancers.ts';
import { type RegionIndex, readRegionIndex } from './region-index.ts';
import { describeVolumes } from './volumes.ts';

type Clients = Pick<RegionalClients, 'ec2' | 'elb' | 'autoScaling' | 'rds'>;

export interface DescribeOptions {
  /** Fill what costs calls per instance. */
  readonly detailed: boolean;
  /** A region index read shortly before; read afresh when absent. */
  readonly index?: () => Promise<RegionIndex>;
}

/** Facts of assets of one account and region; what is gone is absent, what cannot be read is named. Throws ProviderError. */
export async function describeAssets(
  clients: Clients,
  assets: readonly AssetRef[],
  options: DescribeOptions,
): Promise<Described> {
  const of = (type: ResourceType) => assets.filter((asset) => asset.resourceType === type);
  const instances = of('AWS::EC2::Instance');
  const volumes = of('AWS::EC2::Volume');
  const loadBalancers = of('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const addresses = of('AWS::EC2::EIP');
  const databases = of('AWS::RDS::DBInstance');
  let held: Promise<RegionIndex> | undefined;
  const index = () => (held ??= (options.index ?? (() => readRegionIndex(clients)))());
  const { detailed } = options;
  const described = await describeKinds([
    { assets: instances, read: async () => describeInstances(clients, instances, { index: await index(), detailed }) },
    { assets: loadBalancers, read: async () => describeLoadBalancers(clients.elb, loadBalancers, await index()) },
    { assets: volumes, read: () => describeVolumes(clients.ec2, volumes) },
    { assets: addresses, read: () => describeAddresses(clients.ec2, addresses) },
    { assets: databases, read: () => describeDatabases(clients.rds, databases) },
  ]);
  const around = instances.length + loadBalancers.length > 0 && held !== undefined ? (await held).rejected : [];
  return { facts: described.facts, rejected: [...described.rejected, ...around] };
}
