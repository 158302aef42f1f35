import { assetOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import { providerOf } from '../../../domain/resource-kinds.ts';
import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';
import { textField } from './raw.ts';

/** Where the description of what AWS knows by an id or a name has it. What is not here is found by its ARN. */
const ID_AT: Partial<Record<ResourceType, string>> = {
  'AWS::EC2::Instance': 'instanceId',
  'AWS::EC2::Volume': 'volumeId',
  'AWS::EC2::EIP': 'allocationId',
  'AWS::EC2::Image': 'imageId',
  'AWS::EC2::NatGateway': 'natGatewayId',
  'AWS::EC2::Snapshot': 'snapshotId',
  'AWS::EC2::VPCEndpoint': 'vpcEndpointId',
  'AWS::RDS::DBInstance': 'dbinstanceIdentifier',
  'AWS::ElasticLoadBalancing::LoadBalancer': 'loadBalancerName',
};
/** An id that shows its kind, unlike a name or a number of the platform. */
const SHOWS_KIND = /^(arn:|[a-z]+-[0-9a-f]{8,}$)/i;

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
  const at = { accountId: row.accountId, region: row.region, resourceType: row.type };
  const refs = candidates(row).flatMap((text) => valueOf(assetOf(text, at)) ?? []);
  const [first] = refs;
  return first && refs.every((ref) => ref.assetKey === first.assetKey) ? first : null;
}

function candidates(row: Described): readonly string[] {
  switch (providerOf(row.type)) {
    case 'aws':
      return awsIds(row);
    case 'azure':
      return [row.id, textField(row.raw, 'id') ?? ''];
    case 'gcp':
      return googleNames(row);
  }
}

function awsIds({ type, id, raw }: Described): readonly string[] {
  const path = ID_AT[type];
  if (path === undefined) return [...(/^arn:/i.test(id) ? [id] : []), ...arnsIn(raw, 2)];
  const own = textField(raw, path);
  if (own !== null) return [own];
  // A deleted row may have lost its description; then only an id that shows its kind is one.
  return SHOWS_KIND.test(id) ? [id] : [];
}

/** Texts in fields that are called an ARN, two levels deep: descriptions name the ARN of the thing itself there. */
function arnsIn(raw: unknown, depth: number): string[] {
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(raw).flatMap(([key, value]) => {
    if (typeof value === 'string') return /arn$/i.test(key) ? [value] : [];
    return depth > 1 && !Array.isArray(value) ? arnsIn(value, depth - 1) : [];
  });
}

function googleNames({ type, id, raw }: Described): string[] {
  const [api = ''] = type.split('/');
  const named = [textField(raw, 'selfLink'), textField(raw, 'name'), id];
  return named.flatMap((text) => {
    const path = /projects\/[^?#\s]+$/.exec(text ?? '')?.[0];
    return path === undefined ? [] : [`//${api}/${path}`];
  });
}

/** The condition on the raw configuration that finds exactly this asset; null where none is known for its type. */
export function identityRule(
  asset: AssetRef,
): { readonly path: string; readonly is: string; readonly value: string } | null {
  switch (asset.provider) {
    case 'aws': {
      const path = ID_AT[asset.resourceType];
      if (path !== undefined) return { path, is: 'equals', value: asset.assetKey.split(/[:/]/).at(-1) ?? '' };
      if (asset.resourceType !== 'AWS::ElasticLoadBalancingV2::LoadBalancer') return null;
      return { path: 'loadBalancerArn', is: 'equals', value: asset.assetKey };
    }
    case 'azure':
      return { path: 'id', is: 'equal ignore case', value: asset.assetKey };
    case 'gcp':
      return { path: 'selfLink', is: 'ends with', value: asset.assetKey.replace(/^\/\/[^/]+/, '') };
  }
}
