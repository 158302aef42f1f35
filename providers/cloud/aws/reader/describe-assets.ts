import type { AssetRef, ResourceType } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { RegionalClients } from '../clients.ts';
import { describeAddresses } from './addresses.ts';
import { describeDatabases } from './databases.ts';
import { describeInstances } from './instances.ts';
import { describeLoadBalancers } from './load-balancers.ts';
import { type RegionIndex, readRegionIndex } from './region-index.ts';
import { readVolumes, toVolumeFacts } from './volumes.ts';

type Clients = Pick<RegionalClients, 'ec2' | 'elb' | 'autoScaling' | 'rds'>;

export interface DescribeOptions {
  /** Fill what costs calls per instance. */
  readonly detailed: boolean;
  /** A region index read shortly before; read afresh when absent. */
  readonly index?: () => Promise<RegionIndex>;
}

/** Facts by asset key for assets of one account and region; what is gone is absent. Throws ProviderError. */
export async function describeAssets(
  clients: Clients,
  assets: readonly AssetRef[],
  options: DescribeOptions,
): Promise<ReadonlyMap<string, CloudFacts>> {
  const of = (type: ResourceType) => assets.filter((asset) => asset.resourceType === type);
  const instances = of('AWS::EC2::Instance');
  const volumes = of('AWS::EC2::Volume');
  const loadBalancers = of('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const needsIndex = instances.length + loadBalancers.length > 0;
  const index = needsIndex ? await (options.index ?? (() => readRegionIndex(clients)))() : null;
  const found: (readonly CloudFacts[])[] = [];
  if (index && instances.length > 0) {
    found.push(await describeInstances(clients, instances, { index, detailed: options.detailed }));
  }
  if (index && loadBalancers.length > 0) found.push(await describeLoadBalancers(clients.elb, loadBalancers, index));
  if (volumes.length > 0) {
    const byId = await readVolumes(
      clients.ec2,
      volumes.map((v) => v.resourceId),
    );
    found.push(
      volumes.flatMap((asset) => {
        const wire = byId.get(asset.resourceId);
        return wire ? [toVolumeFacts(asset, wire)] : [];
      }),
    );
  }
  const addresses = of('AWS::EC2::EIP');
  if (addresses.length > 0) found.push(await describeAddresses(clients.ec2, addresses));
  const databases = of('AWS::RDS::DBInstance');
  if (databases.length > 0) found.push(await describeDatabases(clients.rds, databases));
  return new Map(found.flat().map((facts) => [facts.assetKey, facts]));
}
