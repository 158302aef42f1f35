import { providerOf } from '../estate/kinds.ts';
import { hexOf, keyOf } from '../estate/random.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import { MODELS } from './models.ts';

/** The same name and purpose give the same UUID under one seed, so that ids outlive a restart. */
export function uuid(seed: number, text: string): string {
  const h = hexOf(keyOf(seed, `uuid/${text}`), 32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
}

export const iso = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d+Z$/, '+00:00');

export function modelOf(asset: SeededAsset): string {
  return MODELS[asset.resourceType] ?? 'CloudResource';
}

/** Machines are the only thing the vendor scans. */
export const isMachine = (asset: SeededAsset): boolean => /(Ec2Instance|ComputeVm|VmInstance)$/.test(modelOf(asset));

/** Made from the name, as the cloud's own id is known only once the cloud has made the asset. */
export function assetUniqueId(estate: Estate, asset: SeededAsset): string {
  return `${isMachine(asset) ? 'vm' : modelOf(asset)}_${asset.accountId}_${uuid(estate.seed, asset.name)}`;
}

/**
 * The cloud's id as the vendor's field shows it: short for a machine and an address of AWS, with the letters as somebody
 * typed them for Azure, and a self link for Google's machines.
 */
export function uiUniqueField(asset: SeededAsset): string {
  switch (providerOf(asset.resourceType)) {
    case 'aws':
      return asset.resourceId;
    case 'azure': {
      const [namespace = ''] = asset.resourceType.split('/');
      return asset.assetKey
        .replace('/resourcegroups/', '/resourceGroups/')
        .replace(namespace.toLowerCase(), namespace)
        .replace(asset.resourceType.toLowerCase(), asset.resourceType);
    }
    case 'gcp':
      return asset.assetKey.replace('//compute.googleapis.com/', 'https://www.googleapis.com/compute/v1/');
  }
}
