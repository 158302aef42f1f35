import type { ResourceType } from '../../schemas/asset.ts';
import { hexOf, keyOf } from './random.ts';
import type { Estate, SeededAsset } from './types.ts';

/** ARN of a resource; a load balancer's id is its ARN already. */
export function arnOf(asset: {
  readonly accountId: string;
  readonly region: string;
  readonly resourceType: ResourceType;
  readonly resourceId: string;
}): string {
  const prefix = `arn:aws:ec2:${asset.region}:${asset.accountId}`;
  switch (asset.resourceType) {
    case 'AWS::EC2::Instance':
      return `${prefix}:instance/${asset.resourceId}`;
    case 'AWS::EC2::Volume':
      return `${prefix}:volume/${asset.resourceId}`;
    case 'AWS::EC2::EIP':
      return `${prefix}:elastic-ip/${asset.resourceId}`;
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return asset.resourceId;
  }
}

/** A copy of the estate with made-up but well-formed ids, for tests that need no cloud. */
export function withSyntheticIds(estate: Estate): Estate {
  return { ...estate, assets: estate.assets.map((asset) => identified(estate.seed, asset)) };
}

function identified(seed: number, asset: SeededAsset): SeededAsset {
  const resourceId = syntheticId(keyOf(seed, `id/${asset.name}`), asset);
  return { ...asset, resourceId, assetKey: arnOf({ ...asset, resourceId }) };
}

function syntheticId(key: number, asset: SeededAsset): string {
  switch (asset.resourceType) {
    case 'AWS::EC2::Instance':
      return `i-${hexOf(key, 17)}`;
    case 'AWS::EC2::Volume':
      return `vol-${hexOf(key, 17)}`;
    case 'AWS::EC2::EIP':
      return `eipalloc-${hexOf(key, 17)}`;
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer': {
      const kind = asset.loadBalancer?.type === 'network' ? 'net' : 'app';
      return `arn:aws:elasticloadbalancing:${asset.region}:${asset.accountId}:loadbalancer/${kind}/${asset.name}/${hexOf(key, 16)}`;
    }
  }
}
