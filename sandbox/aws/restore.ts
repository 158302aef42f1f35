import type { Changer } from './change.ts';
import { seedMoto } from './seed.ts';
import type { StateLog } from './state-log.ts';
import { advanceBill, indexAsset, type World } from './world.ts';
import { applyPassive } from './world-change.ts';

/** Replays what the log holds, or seeds the estate and logs that. Afterwards every asset has its ids. */
export async function restoreOrSeed(deps: { world: World; changer: Changer; log: StateLog }): Promise<void> {
  const { world, changer, log } = deps;
  const { estate } = world;
  if (log.past.length === 0) {
    log.append({ k: 'estate', seed: estate.seed, seededAt: estate.seededAt });
    await seedMoto({ estate, change: changer.run });
    const ids = Object.fromEntries(
      estate.assets.map(({ name, resourceId, assetKey }) => [name, { resourceId, assetKey }]),
    );
    log.append({ k: 'assets', ids });
    for (const asset of estate.assets) indexAsset(world, asset);
    return;
  }
  for (const entry of log.past) {
    switch (entry.k) {
      case 'estate':
        if (entry.seed === estate.seed && entry.seededAt === estate.seededAt) break;
        throw new Error(
          `the state file holds the estate of seed ${entry.seed} at ${entry.seededAt}, not of seed ${estate.seed} at ${estate.seededAt}; build it from readSavedEstate`,
        );
      case 'call':
        await changer.replay(entry);
        break;
      case 'assets':
        for (const asset of estate.assets) {
          const ids = entry.ids[asset.name];
          if (!ids) throw new Error(`the state file does not know ${asset.name}; start with --fresh`);
          asset.resourceId = ids.resourceId;
          asset.assetKey = ids.assetKey;
          indexAsset(world, asset);
        }
        break;
      case 'world':
        if (
          entry.change.do !== 'retag' &&
          entry.change.do !== 'terminate' &&
          entry.change.do !== 'stop' &&
          entry.change.do !== 'expire-credentials'
        ) {
          applyPassive(world, entry.change, entry.at);
        }
        break;
      case 'bill':
        advanceBill(world, entry.days);
        break;
    }
  }
}
