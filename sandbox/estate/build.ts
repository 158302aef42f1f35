import type { CloudProvider } from '../../schemas/resource-type.ts';
import { CANARIES } from './canaries.ts';
import { activeInstances } from './catalogue/active.ts';
import { databases } from './catalogue/databases.ts';
import { exemptAssets } from './catalogue/exempt.ts';
import { idleInstances } from './catalogue/idle.ts';
import { storageAndNetwork } from './catalogue/storage-network.ts';
import { surprisingInstances } from './catalogue/surprises.ts';
import { accountsOf, inCloud } from './clouds.ts';
import { createMetricGenerator } from './metrics/generator.ts';
import { ACCOUNTS } from './places.ts';
import { keyOf, noise } from './random.ts';
import type { Estate, SeededAsset } from './types.ts';

export interface EstateOptions {
  readonly seed: number;
  /** Epoch seconds the ages count back from. @default the clock */
  readonly now?: number;
  /** Names of the assets to keep; whatever they are attached to is kept as well. @default all */
  readonly only?: readonly string[];
  /** With the asset that tests plant telling words in; it is in nobody's demo. @default false */
  readonly canaries?: boolean;
  /** @default ['aws'] */
  readonly clouds?: readonly CloudProvider[];
}

/**
 * The labelled sandbox estate. The same seed and `now` give the same assets, costs and metrics. `resourceId` and
 * `assetKey` stay empty until a cloud has created the assets, or `withSyntheticIds` has made them up.
 */
export function buildEstate({
  seed,
  now = Math.floor(Date.now() / 1000),
  only,
  canaries = false,
  clouds = ['aws'],
}: EstateOptions): Estate {
  const catalogue = [
    ...activeInstances(),
    ...exemptAssets(),
    ...idleInstances(),
    ...surprisingInstances(),
    ...storageAndNetwork(),
    ...databases(),
  ].filter((asset) => canaries || asset.name !== CANARIES.assetName);
  const all = clouds.flatMap((cloud) => (cloud === 'aws' ? catalogue : inCloud(cloud, catalogue)));
  const assets = only ? chosen(all, only) : all;
  return assemble({
    seed,
    now,
    assets: assets.map((asset) => aged(seed, asset)),
    accounts: clouds.flatMap((cloud) => (cloud === 'aws' ? ACCOUNTS : accountsOf(cloud))),
  });
}

function chosen(all: readonly SeededAsset[], only: readonly string[]): SeededAsset[] {
  const wanted = new Set(only);
  for (const name of only) {
    const asset = all.find((a) => a.name === name);
    if (!asset) throw new Error(`the estate has no asset named ${name}; docs/sandbox-estate.md says where they are`);
    for (const host of hostsOf(asset)) wanted.add(host);
  }
  return all.filter((a) => wanted.has(a.name));
}

function hostsOf(asset: SeededAsset): readonly string[] {
  const attached = asset.volume?.attachedTo ?? asset.address?.attachedTo;
  return [...(asset.loadBalancer?.targets ?? []), ...(attached ? [attached] : [])];
}

/** An estate around any list of assets, with the metric generator. */
export function assemble(parts: {
  readonly seed: number;
  readonly now: number;
  readonly assets: readonly SeededAsset[];
  readonly accounts: Estate['accounts'];
}): Estate {
  const busySince = new Map<string, number>();
  return {
    seed: parts.seed,
    seededAt: parts.now,
    accounts: parts.accounts,
    assets: parts.assets,
    busySince,
    metric: createMetricGenerator(parts.seed, parts.now, busySince),
  };
}

/** Spreads the default age so that the estate does not look poured in one day. Young assets keep their exact age. */
function aged(seed: number, asset: SeededAsset): SeededAsset {
  if (asset.createdDaysAgo < 100) return asset;
  const spread = Math.floor(noise(keyOf(seed, asset.name), 0, 11) * 300);
  return { ...asset, createdDaysAgo: asset.createdDaysAgo + spread };
}
