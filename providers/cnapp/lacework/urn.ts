import { assetKeyOf, assetOf, type Reading, read, refuse, regionOf } from '../../../domain/cloud-ids/index.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';
import { CSP, cloudOf } from './resource-types.ts';

/** What an inventory row says of where its resource is, beside the URN. */
export interface RowPlace {
  readonly accountId: string;
  /** As the vendor spells it; null when it does not say. */
  readonly region: string | null;
  /** Types this spelling of `resourceType` may stand for. */
  readonly types: readonly ResourceType[];
}

/**
 * The asset a URN names: an ARN, an Azure resource id in any case, a full resource name. Where the URN leaves account or
 * region open (buckets, global resources) the row's own word counts. A type that ids do not tell is the one asked for.
 */
export function refOfUrn(urn: string, { accountId, region, types }: RowPlace): Reading<AssetRef> {
  const asset = assetOf(urn, { accountId, region });
  if (asset.ok) return types.includes(asset.value.resourceType) ? asset : refuse(urn, WANTED);
  const [only] = types;
  const provider = cloudOf(accountId);
  if (only === undefined || types.length !== 1 || !SHAPES[provider].test(urn)) return refuse(urn, asset.reason);
  const key = assetKeyOf(urn, { accountId, region });
  const place = regionOf(provider, region ?? 'global');
  if (!key.ok) return key;
  if (!place.ok) return place;
  const assetKey = key.value;
  return read({ assetKey, provider, accountId, region: place.value, resourceType: only, resourceId: assetKey });
}

const WANTED = 'must name a resource of the type and cloud that were asked for';
const SHAPES = { aws: /^arn:/i, azure: /^\/subscriptions\//i, gcp: /^\/\// } as const;

/** `AWS`, `Azure` or `GCP` for the account of an asset. */
export function cspOf(accountId: string): string {
  return CSP[cloudOf(accountId)];
}
