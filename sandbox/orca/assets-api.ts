import type { Context } from 'hono';
import type { SeededAsset } from '../estate/types.ts';
import { isMachine, iso, modelOf } from './ids.ts';
import type { Json } from './types.ts';
import type { World } from './world.ts';

/** `GET /api/assets/{asset_unique_id}`: the older document of one asset. A deleted asset stays, and is not seen again. */
export function answerAsset(c: Context, world: World, asset: SeededAsset | undefined): Response {
  if (!asset) return c.json({ status: 'failure', error: 'Asset not found' }, 404);
  const thing = world.thingOf(asset);
  const { values } = thing;
  const seen = world.seenOf(asset);
  const exposed = values['IsInternetFacing'] === true;
  const { IngressPorts = [], Observations = [], IsInternetFacing = null, UiUniqueField = null, ...own } = values;
  const document: Json = {
    asset_unique_id: thing.assetUniqueId,
    asset_name: asset.name,
    asset_type: isMachine(asset) ? 'vm' : modelOf(asset),
    asset_state: seen?.state === 'gone' ? 'deleted' : (values['State'] ?? null),
    asset_labels: [...(exposed ? ['internet_facing'] : []), ...(asset.posture.sensitiveData ? ['pii'] : [])],
    cloud_vendor_id: asset.accountId,
    internet_facing: exposed,
    tags_list: Object.entries(asset.tags).map(([key, value]) => ({ key, value })),
    state: { status: 'exists', last_seen: iso(world.lastSeenOf(asset)) },
    ...(isMachine(asset)
      ? {
          compute: {
            regions: [asset.region],
            public_ips: exposed ? ['198.51.100.7'] : [],
            iam_role: asset.posture.adminPrivileges ? `${asset.name}-admin` : null,
            roles: exposed ? [{ name: 'ssh', type: 'ssh', is_public: true }] : [],
          },
        }
      : {}),
    model: {
      type: thing.type,
      asset_unique_id: thing.assetUniqueId,
      data: {
        [thing.type]: own,
        Compute: { IngressPorts },
        Inventory: { Observations, IsInternetFacing, UiUniqueField },
      },
    },
  };
  return c.json(document);
}
