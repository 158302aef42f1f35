import { kindOf, providerOf } from './kinds.ts';
import type { ResourceType } from '../../schemas/resource-type.ts';
import { hexOf, keyOf } from './random.ts';
import type { Estate, SeededAsset } from './types.ts';

interface Identified {
  readonly accountId: string;
  readonly region: string;
  readonly resourceType: ResourceType;
  readonly resourceId: string;
}

/** ARN of an AWS resource; a load balancer's id is its ARN already. */
export function arnOf(asset: Identified): string {
  const prefix = `arn:aws:ec2:${asset.region}:${asset.accountId}`;
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return `${prefix}:instance/${asset.resourceId}`;
    case 'volume':
      return `${prefix}:volume/${asset.resourceId}`;
    case 'address':
      return `${prefix}:elastic-ip/${asset.resourceId}`;
    case 'database':
      return `arn:aws:rds:${asset.region}:${asset.accountId}:db:${asset.resourceId}`;
    case 'load-balancer':
    case 'resource':
      return asset.resourceId;
  }
}

/** Resource group of every Azure asset of the estate. */
export const RESOURCE_GROUP = 'rg-acme';

const GOOGLE_COLLECTION: Partial<Record<ResourceType, string>> = {
  'compute.googleapis.com/Instance': 'instances',
  'compute.googleapis.com/Disk': 'disks',
};

/** Azure and Google Cloud name resources by where they are and what people called them: known before the cloud made them. */
export function namedKey(asset: Pick<SeededAsset, 'name' | 'accountId' | 'region' | 'resourceType'>): string {
  const { accountId, region, name, resourceType } = asset;
  if (providerOf(resourceType) === 'azure')
    return `/subscriptions/${accountId}/resourceGroups/${RESOURCE_GROUP}/providers/${resourceType}/${name}`.toLowerCase();
  if (resourceType === 'sqladmin.googleapis.com/Instance')
    return `//cloudsql.googleapis.com/projects/${accountId}/instances/${name}`;
  const zonal = GOOGLE_COLLECTION[resourceType];
  const place = zonal === undefined ? `regions/${region}/addresses` : `zones/${region}-b/${zonal}`;
  return `//compute.googleapis.com/projects/${accountId}/${place}/${name}`;
}

/** A copy of the estate with made-up but well-formed ids, for tests that need no cloud. */
export function withSyntheticIds(estate: Estate): Estate {
  return { ...estate, assets: estate.assets.map((asset) => identified(estate.seed, asset)) };
}

function identified(seed: number, asset: SeededAsset): SeededAsset {
  if (providerOf(asset.resourceType) !== 'aws') return asset;
  const resourceId = syntheticId(keyOf(seed, `id/${asset.name}`), asset);
  return { ...asset, resourceId, assetKey: arnOf({ ...asset, resourceId }) };
}

function syntheticId(key: number, asset: SeededAsset): string {
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return `i-${hexOf(key, 17)}`;
    case 'volume':
      return `vol-${hexOf(key, 17)}`;
    case 'address':
      return `eipalloc-${hexOf(key, 17)}`;
    case 'database':
      return asset.name;
    case 'load-balancer': {
      const kind = asset.loadBalancer?.type === 'network' ? 'net' : 'app';
      return `arn:aws:elasticloadbalancing:${asset.region}:${asset.accountId}:loadbalancer/${kind}/${asset.name}/${hexOf(key, 16)}`;
    }
    case 'resource':
      return `${asset.resourceType}/${asset.name}`;
  }
}
