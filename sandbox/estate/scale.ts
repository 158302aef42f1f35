import { assemble } from './build.ts';
import { instance } from './catalogue/base.ts';
import { withSyntheticIds } from './ids.ts';
import { prodUs } from './places.ts';
import { keyOf, noise } from './random.ts';
import type { Archetype, Estate } from './types.ts';

export interface ScaleOptions {
  readonly seed?: number;
  /** Epoch seconds the ages count back from. @default the clock */
  readonly now?: number;
  /** Share of idle instances; a tenth more are spiky, the rest steadily busy. @default 0.15 */
  readonly idleShare?: number;
  /** False: ids stay empty until a cloud has created the instances. @default true */
  readonly syntheticIds?: boolean;
}

/** `n` plain instances in one account and region: for benches. */
export function buildScaleEstate(n: number, options: ScaleOptions = {}): Estate {
  const { seed = 1, now = Math.floor(Date.now() / 1000), idleShare = 0.15, syntheticIds = true } = options;
  const assets = Array.from({ length: n }, (_, i) => {
    const name = `scale-${i}`;
    return instance(kind(noise(keyOf(seed, name), 0), idleShare), name, { at: prodUs, env: 'staging' });
  });
  const accounts = [{ accountId: prodUs.accountId, name: 'acme-scale', regions: [prodUs.region] }];
  const estate = assemble({ seed, now, assets, accounts });
  return syntheticIds ? withSyntheticIds(estate) : estate;
}

function kind(share: number, idleShare: number): Archetype {
  if (share < idleShare) return 'idle';
  return share < idleShare + 0.1 ? 'spiky-load' : 'steady-load';
}
