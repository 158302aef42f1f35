import { kindOf } from '../estate/kinds.ts';
import { hexOf, keyOf } from '../estate/random.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import type { WorldDisk, WorldResource } from './types.ts';

const DAY_MS = 86_400_000;
const BOOT_GIB = 64;

/** Every asset of the estate as a resource. `diskKey` names the disks the estate does not list: boot disks and extra ones. */
export function seedWorld(
  estate: Estate,
  assets: readonly SeededAsset[],
  diskKey: (asset: SeededAsset, diskName: string) => string,
): WorldResource[] {
  const keyOfName = new Map(assets.map((a) => [a.name, a.assetKey]));
  const keyFor = (name: string | undefined) => (name === undefined ? null : (keyOfName.get(name) ?? null));
  const attachedTo = (asset: SeededAsset) => asset.volume?.attachedTo ?? asset.address?.attachedTo;
  return assets.map((asset) => ({
    key: asset.assetKey,
    name: asset.name,
    kind: kindOf(asset.resourceType),
    accountId: asset.accountId,
    region: asset.region,
    createdAt: estate.seededAt * 1000 - asset.createdDaysAgo * DAY_MS,
    tags: { ...asset.tags },
    power: asset.instance ? (asset.instance.stopped ? 'stopped' : 'running') : asset.database ? 'running' : null,
    until: 0,
    stoppedAt: asset.instance?.stopped ? estate.seededAt * 1000 - 60 * DAY_MS : null,
    size: asset.instance?.instanceType ?? asset.database?.instanceClass ?? null,
    disks: disksOf(asset, diskKey).concat(
      assets
        .filter((a) => a.volume !== undefined && attachedTo(a) === asset.name)
        .map((a) => ({
          key: a.assetKey,
          name: a.name,
          sizeGiB: a.volume?.sizeGiB ?? 0,
          type: a.volume?.volumeType ?? '',
          boot: false,
        })),
    ),
    attachedTo: keyFor(attachedTo(asset)),
    targets: (asset.loadBalancer?.targets ?? []).flatMap((name) => keyFor(name) ?? []),
    publicIp: publicIp(estate, asset),
    protected: asset.instance?.deletionProtection ?? false,
    group: asset.instance?.scalingGroup ?? null,
    gone: false,
  }));
}

function disksOf(asset: SeededAsset, diskKey: (asset: SeededAsset, name: string) => string): WorldDisk[] {
  if (!asset.instance) return [];
  const boot = `${asset.name}-os`;
  const extra = asset.instance.extraVolumesGiB ?? [];
  return [
    { key: diskKey(asset, boot), name: boot, sizeGiB: BOOT_GIB, type: 'boot', boot: true },
    ...extra.map((sizeGiB, i) => {
      const name = `${asset.name}-data-${i + 1}`;
      return { key: diskKey(asset, name), name, sizeGiB, type: 'data', boot: false };
    }),
  ];
}

/** From the range that documentation is written with. */
function publicIp(estate: Estate, asset: SeededAsset): string | null {
  if (!asset.address && !asset.instance?.publicIp) return null;
  return `203.0.113.${(Number.parseInt(hexOf(keyOf(estate.seed, `ip/${asset.name}`), 4), 16) % 253) + 1}`;
}
