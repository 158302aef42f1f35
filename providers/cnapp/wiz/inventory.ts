import type { InventoryAsset } from '../../../schemas/asset.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { InventoryPage, InventoryQuery } from '../../../ports/cnapp.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import type { WizClient } from './client.ts';
import { failure } from './errors.ts';
import { readInventoryRow } from './inventory-row.ts';
import { readPage } from './paging.ts';
import { WIZ_TYPE } from './resource-types.ts';

/** The vendor refuses more. */
export const MAX_PAGE_SIZE = 500;

/**
 * One page of the inventory of one account and region. Our cursor carries the page number before the vendor's cursor,
 * so that a vendor that pages in circles is stopped after `maxPages` although the caller keeps no state.
 */
export async function listAssets(client: WizClient, query: InventoryQuery, maxPages: number): Promise<InventoryPage> {
  const { number, after } = readCursor(query.cursor);
  if (number > maxPages)
    throw failure('inventory', Kind.Malformed, `more than ${maxPages} pages: the list does not end`);
  const filter = {
    type: { equals: [...new Set(query.resourceTypes.flatMap((type) => WIZ_TYPE[type] ?? []))] },
    cloudAccountV2: { externalId: { equals: [query.accountId] } },
    region: { equals: [query.region] },
  };
  const first = Math.min(Math.max(1, Math.trunc(query.pageSize)), MAX_PAGE_SIZE);
  const page = readPage('inventory', await client.query('inventory', { filter, first, after }), 'cloudResourcesV2');
  if (page.next !== null && page.next === after)
    throw failure('inventory', Kind.Malformed, 'the cursor does not advance');
  const assets = new Map<string, InventoryAsset>();
  const rejected: RejectedRow[] = [];
  for (const node of page.nodes) {
    const row = readInventoryRow(node, query);
    if (row.ok) assets.set(row.asset.assetKey, row.asset);
    else rejected.push(row.rejected);
  }
  return {
    assets: [...assets.values()],
    rejected,
    nextCursor: page.next === null ? null : `${number + 1}.${page.next}`,
    totalCount: page.totalCount,
  };
}

function readCursor(cursor: string | null): { number: number; after: string | null } {
  if (cursor === null) return { number: 1, after: null };
  const match = /^(\d{1,7})\.(.+)$/s.exec(cursor);
  if (!match)
    throw failure('inventory', Kind.Terminal, 'the cursor is not one this client gave out; start the partition again');
  return { number: Number(match[1]), after: match[2] as string };
}
