import { regionOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import { isProviderError, ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset } from '../../../ports/cnapp.ts';
import { identityRule, refOf } from './asset-key.ts';
import type { PrismaParts } from './context.ts';
import { failure, firstProblem } from './errors.ts';
import { ResourceRow } from './rows.ts';
import { configQuery, ruleOf } from './rql.ts';
import { searchConfig } from './search.ts';
import { readVendorId, vendorIdOf } from './vendor-id.ts';

export interface VendorResource {
  readonly row: ResourceRow;
  /** As requests about it want it. */
  readonly rrn: unknown;
  readonly assetId: string | null;
  readonly vendorId: string;
}

/** The platform's record of one asset. `not-found` when it has never seen it; an answer about another one is not trusted. */
export async function readResource(parts: PrismaParts, asset: KnownAsset): Promise<VendorResource> {
  const found = (await byVendorId(parts, asset)) ?? (await byKey(parts, asset));
  if (found === null) throw failure('resource', Kind.NotFound, `no resource for ${asset.assetKey}`);
  return found;
}

async function byVendorId(parts: PrismaParts, asset: KnownAsset): Promise<VendorResource | null> {
  if (asset.vendorId === null) return null;
  const ids = readVendorId(asset.vendorId);
  try {
    const answer = await parts.cspm.call({ operation: 'resource', path: '/resource', body: { rrn: ids.rrn } });
    const found = read(answer, ids.assetId);
    if (!isSame(found.row, asset))
      throw failure(
        'resource',
        Kind.Malformed,
        `${asset.vendorId.slice(0, 120)} is another asset than the one asked for; sweep again so that ids are read anew`,
      );
    return found;
  } catch (error) {
    // The platform may have given the asset another resource name since.
    if (isProviderError(error, 'not-found')) return null;
    throw error;
  }
}

/** Looks the asset up by what identifies it in its configuration: among what exists, then among what is deleted. */
async function byKey(parts: PrismaParts, asset: AssetRef): Promise<VendorResource | null> {
  const rule = identityRule(asset);
  const apiName = parts.names.apiName(asset.resourceType);
  if (rule === null || apiName === null) return null;
  const accountName = await parts.accounts.nameOf(asset.accountId);
  for (const status of ['Active', 'Deleted'] as const) {
    const base = { cloud: asset.provider, apiName, accountName, regionName: null, status, rule: ruleOf(rule) };
    const page = await searchConfig(parts.cspm, { query: configQuery(base), limit: 10, pageToken: null });
    for (const item of page.items) {
      const found = read(item, null);
      if (isSame(found.row, asset)) return found;
    }
  }
  return null;
}

function read(node: unknown, knownAssetId: string | null): VendorResource {
  const parsed = ResourceRow.safeParse(node);
  if (!parsed.success) throw failure('resource', Kind.Malformed, firstProblem(parsed.error));
  const row = parsed.data;
  const assetId = row.assetId ?? row.unifiedAssetId ?? knownAssetId;
  return { row, rrn: row.rrn, assetId, vendorId: vendorIdOf({ rrn: row.rrn, assetId }) };
}

/** A deleted resource may have lost its configuration; its account is all that is left to compare. */
function isSame(row: ResourceRow, asset: AssetRef): boolean {
  if (row.accountId !== asset.accountId) return false;
  const region = valueOf(regionOf(asset.provider, row.regionId ?? '')) ?? asset.region;
  const type = asset.resourceType;
  const ref = refOf({ type, accountId: row.accountId, region, id: row.id, raw: row.data });
  return ref === null ? row.deleted === true : ref.assetKey === asset.assetKey;
}
