import { kindOf } from '../estate/kinds.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import { iso, uuid, WIZ_TYPE } from './inventory.ts';
import type { Row } from './types.ts';

/** What Wiz calls wasted or too large; null: it has no opinion. It sees less than the truth, as opinions do. */
function opinionOf(asset: SeededAsset): { type: string; title: string } | null {
  const { archetype, instance } = asset;
  if (instance?.stopped) return { type: 'WASTE', title: 'Virtual machine stopped for a long time' };
  if (archetype === 'unattached-volume') return { type: 'WASTE', title: 'Volume that is not attached' };
  if (archetype === 'unassociated-address') return { type: 'WASTE', title: 'Public address that is not in use' };
  if (archetype === 'over-provisioned') return { type: 'RIGHT_SIZING', title: 'Virtual machine larger than needed' };
  return null;
}

/** `cloudCostOpportunities` rows. Those of assets a scan found gone are resolved. */
export function opportunityRows(estate: Estate, isGone: (asset: SeededAsset) => boolean): readonly Row[] {
  return estate.assets.flatMap((asset): Row[] => {
    const opinion = opinionOf(asset);
    if (opinion === null) return [];
    const { type, nativeType } = WIZ_TYPE[kindOf(asset.resourceType)];
    const id = uuid(estate.seed, asset.name);
    return [
      {
        id: uuid(estate.seed, `opportunity/${asset.name}`),
        name: opinion.title,
        description: opinion.title,
        status: isGone(asset) ? 'RESOLVED' : 'OPEN',
        source: 'WIZ',
        optimizationTypes: [opinion.type],
        region: asset.region,
        createdAt: iso((estate.seededAt - 86_400) * 1000),
        updatedAt: iso(estate.seededAt * 1000),
        resource: {
          externalId: asset.resourceId,
          nativeType,
          type,
          graphEntity: { id, providerUniqueId: asset.assetKey },
        },
        cloudAccountV2: { id: uuid(estate.seed, `account/${asset.accountId}`), externalId: asset.accountId },
      },
    ];
  });
}
