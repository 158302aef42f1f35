import { kindOf } from '../../domain/resource-kinds.ts';
import type { CloudReader, Described } from '../../ports/cloud.ts';
import type { AssetRef, InventoryAsset } from '../../schemas/asset.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';

/**
 * Facts of one page. What can be acted on is described by the cloud itself; what is only reported is taken
 * from the CNAPP's copy of the configuration, which may be hours old. An asset that is neither described nor rejected is gone.
 */
export async function factsOfPage(
  reader: CloudReader,
  page: { readonly assets: readonly InventoryAsset[]; readonly now: Date },
): Promise<Described> {
  const actionable = page.assets.filter((a) => kindOf(a.resourceType) !== 'resource');
  const described = actionable.length === 0 ? NOTHING : await reader.describe(actionable);
  const facts = new Map(described.facts);
  for (const asset of page.assets)
    if (kindOf(asset.resourceType) === 'resource') facts.set(asset.assetKey, reportedFacts(asset));
  return { facts, rejected: described.rejected };
}

const NOTHING: Described = { facts: new Map(), rejected: [] };

function reportedFacts(asset: InventoryAsset): CloudFacts {
  const { assetKey, provider, accountId, region, resourceType, resourceId, tags, createdAt, status } = asset;
  const ref: AssetRef = { assetKey, provider, accountId, region, resourceType, resourceId };
  return { ...ref, tags, kind: 'resource', state: status, createTime: createdAt, attributes: asset.attributes ?? {} };
}
