import { assetOf, type Whereabouts } from '../../../domain/cloud-ids/index.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import type { Values } from './values.ts';

/** The asset a row is about, from the first of its id keys that names one of the expected type; null when none does. */
export function refOfValues(values: Values, idKeys: readonly string[], at: Whereabouts): AssetRef | null {
  for (const idKey of idKeys) {
    const value = values[idKey];
    if (typeof value !== 'string') continue;
    const asset = assetOf(value, at);
    if (asset.ok) return asset.value;
  }
  return null;
}
