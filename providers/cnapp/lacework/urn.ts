import { refOfAssetKey } from '../../../domain/cloud-ids/index.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';
import { CSP, cloudOf } from './resource-types.ts';

/** What an inventory row says of where its resource is, beside the URN. */
export interface Whereabouts {
  readonly accountId: string;
  /** As the vendor spells it; null when it does not say. */
  readonly region: string | null;
  /** Types this spelling of `resourceType` may stand for. */
  readonly types: readonly ResourceType[];
}

/**
 * The asset a URN names. AWS: the ARN; Azure: the resource id in any case; Google Cloud: the full resource name. Where the URN
 * leaves account or region open (buckets, global resources) the row's own word counts. Null when it is none of these.
 */
export function refOfUrn(urn: string, row: Whereabouts): AssetRef | null {
  const key = keyOfUrn(urn);
  const ref = refOfAssetKey(key, regionOf(row.region));
  if (ref) return row.types.includes(ref.resourceType) ? ref : null;
  const [only] = row.types;
  const provider = cloudOf(row.accountId);
  const shaped = provider === 'aws' ? key.startsWith('arn:') : provider === 'gcp' && key.startsWith('//');
  if (!shaped || only === undefined || row.types.length !== 1) return null;
  const at = { accountId: row.accountId, region: regionOf(row.region) };
  return { assetKey: key, provider, ...at, resourceType: only, resourceId: key };
}

/** The key of the same asset in all systems: Azure ids in lower case, elastic addresses by their one ARN. */
export function keyOfUrn(urn: string): string {
  const address = /^(arn:[^:]+:ec2:[^:]+:\d{12}:)[a-z-]+\/(eipalloc-[0-9a-f]+)$/.exec(urn);
  if (address) return `${address[1]}elastic-ip/${address[2]}`;
  return urn.startsWith('/') && !urn.startsWith('//') ? urn.toLowerCase() : urn;
}

/** `West Europe` → `westeurope`, `europe-west1-b` → `europe-west1`; what has no region is `global`. */
export function regionOf(region: string | null): string {
  const plain = (region ?? '').toLowerCase().replaceAll(' ', '');
  if (plain === '' || plain === 'aws-global' || plain === 'none') return 'global';
  return plain.replace(/^([a-z]+-[a-z]+\d+)-[a-z]$/, '$1');
}

/** `AWS`, `Azure` or `GCP` for the account of an asset. */
export function cspOf(accountId: string): string {
  return CSP[cloudOf(accountId)];
}
