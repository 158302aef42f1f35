import { refOfAssetKey } from '../../../domain/cloud-ids/index.ts';
import { providerOf } from '../../../domain/resource-kinds.ts';
import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';
import { textField } from './raw.ts';

interface ByArnKind {
  readonly service: string;
  readonly kind: string;
  /** Where the description has the id. */
  readonly path: string;
  /** How such an id begins; an id without it is no id of this kind. */
  readonly begins: string;
}
const ec2 = (kind: string, path: string, begins: string): ByArnKind => ({ service: 'ec2', kind, path, begins });

/** What AWS describes by an id: the ARN is put together from it. */
const BY_ID: Partial<Record<ResourceType, ByArnKind>> = {
  'AWS::EC2::Instance': ec2('instance/', 'instanceId', 'i-'),
  'AWS::EC2::Volume': ec2('volume/', 'volumeId', 'vol-'),
  'AWS::EC2::EIP': ec2('elastic-ip/', 'allocationId', 'eipalloc-'),
  'AWS::EC2::Image': ec2('image/', 'imageId', 'ami-'),
  'AWS::EC2::NatGateway': ec2('natgateway/', 'natGatewayId', 'nat-'),
  'AWS::EC2::Snapshot': ec2('snapshot/', 'snapshotId', 'snap-'),
  'AWS::EC2::VPCEndpoint': ec2('vpc-endpoint/', 'vpcEndpointId', 'vpce-'),
  'AWS::RDS::DBInstance': { service: 'rds', kind: 'db:', path: 'dbinstanceIdentifier', begins: '' },
  'AWS::ElasticLoadBalancing::LoadBalancer': {
    service: 'elasticloadbalancing',
    kind: 'loadbalancer/',
    path: 'loadBalancerName',
    begins: '',
  },
};

export interface Described {
  readonly type: ResourceType;
  readonly accountId: string;
  readonly region: string;
  /** The platform's `id` of the row: a cloud id, an ARN or a number. */
  readonly id: string;
  readonly raw: unknown;
}

/**
 * Which asset a row is about, from its raw configuration. Null when it does not say, says another type, or names more than
 * one asset of the type (a replica names its source): the wrong identity would be worse than none.
 */
export function refOf(row: Described): AssetRef | null {
  const refs = candidates(row)
    .map((key) => refOfAssetKey(key, row.region))
    .filter((ref) => ref?.resourceType === row.type);
  const [first] = refs;
  return first && refs.every((ref) => ref?.assetKey === first.assetKey) ? first : null;
}

function candidates(row: Described): readonly string[] {
  switch (providerOf(row.type)) {
    case 'aws':
      return awsKeys(row);
    case 'azure':
      return [row.id, textField(row.raw, 'id') ?? ''].map((id) => id.toLowerCase());
    case 'gcp':
      return googleKeys(row);
  }
}

function awsKeys({ type, accountId, region, id, raw }: Described): string[] {
  const known = BY_ID[type];
  if (!known) return [id, ...arnsIn(raw, 2)];
  // A deleted row may have lost its description; then only an id that shows its kind is one.
  const own = textField(raw, known.path) ?? (known.begins === '' ? null : id);
  if (!own?.startsWith(known.begins)) return [];
  return [`arn:${partitionOf(region)}:${known.service}:${region}:${accountId}:${known.kind}${own}`];
}

/** Texts in fields that are called an ARN, two levels deep: descriptions name the ARN of the thing itself there. */
function arnsIn(raw: unknown, depth: number): string[] {
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(raw).flatMap(([key, value]) => {
    if (typeof value === 'string') return /arn$/i.test(key) ? [value] : [];
    return depth > 1 && !Array.isArray(value) ? arnsIn(value, depth - 1) : [];
  });
}

function googleKeys({ type, id, raw }: Described): string[] {
  const [api = ''] = type.split('/');
  const service = api === 'sqladmin.googleapis.com' ? 'cloudsql.googleapis.com' : api;
  const named = [textField(raw, 'selfLink'), textField(raw, 'name'), id];
  return named.flatMap((text) => {
    const path = /projects\/[^?#\s]+$/.exec(text ?? '')?.[0];
    return path === undefined ? [] : [`//${service}/${path}`];
  });
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The condition on the raw configuration that finds exactly this asset; null where none is known for its type. */
export function identityRule(
  asset: AssetRef,
): { readonly path: string; readonly is: string; readonly value: string } | null {
  switch (asset.provider) {
    case 'aws': {
      const known = BY_ID[asset.resourceType];
      if (known) {
        const value = asset.assetKey.split(`:${known.kind}`)[1];
        return value === undefined ? null : { path: known.path, is: 'equals', value };
      }
      if (asset.resourceType !== 'AWS::ElasticLoadBalancingV2::LoadBalancer') return null;
      return { path: 'loadBalancerArn', is: 'equals', value: asset.assetKey };
    }
    case 'azure':
      return { path: 'id', is: 'equal ignore case', value: asset.assetKey };
    case 'gcp':
      return { path: 'selfLink', is: 'ends with', value: asset.assetKey.replace(/^\/\/[^/]+/, '') };
  }
}
