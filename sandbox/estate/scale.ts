import { assemble } from './build.ts';
import { instance } from './catalogue/base.ts';
import { withSyntheticIds } from './ids.ts';
import { prodUs } from './places.ts';
import { keyOf, noise } from './random.ts';
import type { Archetype, Estate } from './types.ts';

/** `n` plain instances in one account and region, about 15 % of them idle, with synthetic ids: for benches. */
export function buildScaleEstate(n: number, { seed = 1, now = Math.floor(Date.now() / 1000) } = {}): Estate {
  const assets = Array.from({ length: n }, (_, i) => {
    const name = `scale-${i}`;
    return instance(kind(noise(keyOf(seed, name), 0)), name, { at: prodUs, env: 'staging', cmdb: null });
  });
  const accounts = [{ accountId: prodUs.accountId, name: 'acme-scale', regions: [prodUs.region] }];
  return withSyntheticIds(assemble({ seed, now, assets, accounts }));
}

function kind(share: number): Archetype {
  if (share < 0.15) return 'idle';
  return share < 0.25 ? 'spiky-load' : 'steady-load';
}
