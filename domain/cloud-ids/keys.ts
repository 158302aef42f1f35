import type { AssetRef } from '../../schemas/asset.ts';
import type { CloudProvider } from '../../schemas/resource-type.ts';
import { awsPlace, NO_ACCOUNT } from './aws-assets.ts';
import { azurePlace } from './azure-assets.ts';
import { gcpPlace } from './gcp-assets.ts';
import { type Reading, read, refuse, valueOf } from './reading.ts';
import type { Place, Whereabouts } from './whereabouts.ts';

const PLACE: Readonly<Record<CloudProvider, (text: string, at: Whereabouts) => Reading<Place>>> = {
  aws: awsPlace,
  azure: azurePlace,
  gcp: gcpPlace,
};

/**
 * The asset a source means. Azure names no region in a resource id and Google Cloud none for Cloud SQL, so `at.region` is
 * needed there; without it the region is `global`.
 */
export function assetOf(text: string, at: Whereabouts = {}): Reading<AssetRef> {
  const [provider, place] = placeOf(text, at);
  if (!place.ok) return place;
  const { key, accountId, region, resourceType, resourceId } = place.value;
  if (resourceType === null) return refuse(text, 'is of a type that is not known here');
  if (at.resourceType && at.resourceType !== resourceType)
    return refuse(text, `is a ${resourceType}, not a ${at.resourceType}`);
  if (accountId === '') return refuse(text, NO_ACCOUNT);
  if (!region.ok) return region;
  return read({ assetKey: key, provider, accountId, region: region.value ?? 'global', resourceType, resourceId });
}

/** The one spelling of an id, whatever type it is of. */
export function assetKeyOf(text: string, at: Whereabouts = {}): Reading<string> {
  const [, place] = placeOf(text, at);
  return place.ok ? read(place.value.key) : place;
}

/** {@link assetOf} of an asset key, or null: for callers to whom the reason does not matter. */
export function refOfAssetKey(key: string, regionHint = 'global'): AssetRef | null {
  return valueOf(assetOf(key, { region: regionHint }));
}

function placeOf(text: string, at: Whereabouts): readonly [CloudProvider, Reading<Place>] {
  const provider = cloudOfId(text.trim(), at);
  return [provider, PLACE[provider](text, at)];
}

/** Ids of the clouds begin differently; what shows nothing is AWS's, the only one with ids that are no paths. */
function cloudOfId(text: string, at: Whereabouts): CloudProvider {
  if (/^arn:/i.test(text)) return 'aws';
  if (/^(\/|https:\/\/management\.[a-z.]+\/)?\/?subscriptions\//i.test(text)) return 'azure';
  if (/^(\/\/|https:|gs:|projects\/)/i.test(text)) return 'gcp';
  return at.resourceType?.startsWith('Microsoft.') ? 'azure' : 'aws';
}
