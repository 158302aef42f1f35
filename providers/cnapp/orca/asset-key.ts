import { refOfAssetKey } from '../../../domain/cloud-ids/index.ts';
import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';
import type { Values } from './values.ts';

/** Kind in the ARN of what Orca may name by its short id only. */
const SHORT: Partial<Record<ResourceType, { readonly id: RegExp; readonly kind: string }>> = {
  'AWS::EC2::Instance': { id: /^i-[0-9a-f]+$/, kind: 'instance' },
  'AWS::EC2::Volume': { id: /^vol-[0-9a-f]+$/, kind: 'volume' },
  'AWS::EC2::EIP': { id: /^eipalloc-[0-9a-f]+$/, kind: 'elastic-ip' },
  'AWS::EC2::Snapshot': { id: /^snap-[0-9a-f]+$/, kind: 'snapshot' },
};
const SELF_LINK =
  /^https:\/\/(?:www|compute|sqladmin)\.googleapis\.com\/(?<api>compute|sql)\/v\d[a-z0-9]*\/(?<rest>projects\/.+)$/;

export interface Whereabouts {
  readonly resourceType: ResourceType;
  /** Null: not known, so a short id cannot be completed. */
  readonly accountId: string | null;
  readonly region: string;
}

/** The asset a row is about, from the first of its id keys that names one of the expected type; null when none does. */
export function refOfValues(values: Values, idKeys: readonly string[], at: Whereabouts): AssetRef | null {
  for (const idKey of idKeys) {
    const value = values[idKey];
    if (typeof value !== 'string') continue;
    const ref = refOfAssetKey(assetKeyOf(value, at), at.region);
    if (ref?.resourceType === at.resourceType) return ref;
  }
  return null;
}

/** An id as our asset key: Azure's in lower case, Google's self link or relative name as full resource name. */
function assetKeyOf(id: string, at: Whereabouts): string {
  if (/^\/subscriptions\//i.test(id)) return id.toLowerCase();
  const link = SELF_LINK.exec(id)?.groups;
  if (link) return `//${link['api'] === 'sql' ? 'cloudsql' : 'compute'}.googleapis.com/${link['rest']}`;
  if (id.startsWith('projects/') && at.resourceType.startsWith('compute.')) return `//compute.googleapis.com/${id}`;
  const short = SHORT[at.resourceType];
  if (short?.id.test(id) && at.accountId !== null)
    return `arn:${partitionOf(at.region)}:ec2:${at.region}:${at.accountId}:${short.kind}/${id}`;
  return id;
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
