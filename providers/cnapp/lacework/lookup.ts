import { assetKeyOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset } from '../../../ports/cnapp.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import { failure } from './errors.ts';
import { type Collected, readInventoryRow } from './inventory-row.ts';
import { filtersOf, READ_INVENTORY, type Reader } from './reading.ts';
import { CSP, cloudOf } from './resource-types.ts';
import { type Filter, type Span, searchAll } from './search.ts';

/** The newest row of one asset in a span, null when no collection in it saw the asset. */
export async function findAsset(reader: Reader, known: KnownAsset, span: Span): Promise<Collected | null> {
  const asset = withUrn(known);
  const { config, client, maxPages } = reader;
  const query = { accountId: asset.accountId, region: null, resourceTypes: [asset.resourceType] };
  const nodes = await searchAll(
    client,
    {
      path: 'Inventory/search',
      permission: READ_INVENTORY,
      span,
      filters: [...filtersOf(query, config), ...idFilter(asset)],
      more: { csp: CSP[cloudOf(asset.accountId)] },
    },
    maxPages,
  );
  let newest: Collected | null = null;
  let unread: RejectedRow | null = null;
  for (const node of nodes) {
    const row = readInventoryRow(node, query, config.names);
    if (row.kind === 'rejected') unread = row.rejected;
    if (row.kind !== 'asset' || row.found.asset.assetKey !== asset.assetKey) continue;
    if (newest === null || newest.collectedAt <= row.found.collectedAt) newest = row.found;
  }
  if (newest === null && unread !== null && idFilter(asset).length > 0)
    throw failure('Inventory/search', Kind.Malformed, `${unread.field}: found ${unread.found}; it ${unread.fix}`);
  return newest;
}

/**
 * The vendor's id and the asset key must mean one asset, or the posture of another one would be read. An id that is no URN is
 * none of ours: it came from another vendor.
 */
function withUrn(asset: KnownAsset): KnownAsset {
  if (asset.vendorId === null || !/^(arn:|\/)/.test(asset.vendorId)) return { ...asset, vendorId: null };
  if (valueOf(assetKeyOf(asset.vendorId)) === asset.assetKey) return asset;
  throw failure(
    'Inventory/search',
    Kind.Malformed,
    `resource ${asset.vendorId} is another asset than the one asked for; sweep again so that ids are read anew`,
  );
}

/** Azure's URN cannot be searched for reliably, its name can; without the vendor's spelling of it all of the type are read. */
function idFilter({ vendorId, assetKey, accountId, resourceId, resourceType }: KnownAsset): Filter[] {
  const eq = (field: string, value: string): Filter[] => [{ field, expression: 'eq', value }];
  if (cloudOf(accountId) === 'azure')
    return vendorId === null ? [] : eq('resourceId', vendorId.split('/').at(-1) ?? '');
  if (vendorId !== null) return eq('urn', vendorId);
  return resourceType === 'AWS::EC2::EIP' ? eq('resourceId', resourceId) : eq('urn', assetKey);
}
