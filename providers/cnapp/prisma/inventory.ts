import { providerOf } from '../../../domain/resource-kinds.ts';
import { accountProblem } from '../../../domain/cloud-ids/index.ts';
import { type InventoryAsset, ResourceType } from '../../../schemas/asset.ts';
import { isProviderError, ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { InventoryPage, InventoryQuery } from '../../../ports/cnapp.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import type { PrismaParts } from './context.ts';
import { failure } from './errors.ts';
import { type RowContext, readInventoryRow } from './inventory-row.ts';
import { configQuery } from './rql.ts';
import { searchConfig } from './search.ts';

interface Cursor {
  /** Page of the whole list, counted so that a list that does not end is stopped though the caller keeps no state. */
  readonly number: number;
  readonly type: ResourceType;
  /** Null: the first page of this type. */
  readonly token: string | null;
}

/** From here on a query is cut off without a word. */
const CUT_OFF = 100_000;

/** One page of one resource type; the types of a partition follow one another. */
export async function listAssets(parts: PrismaParts, query: InventoryQuery): Promise<InventoryPage> {
  const types = query.resourceTypes.filter(
    (type) => accountProblem(providerOf(type), query.accountId) === null && parts.names.apiName(type) !== null,
  );
  const cursor = readCursor(query.cursor) ?? (types[0] ? { number: 1, type: types[0], token: null } : null);
  if (cursor === null) return { assets: [], rejected: [], nextCursor: null, totalCount: 0 };
  if (!types.includes(cursor.type))
    throw failure('inventory', Kind.Terminal, 'the cursor is of another list; start the partition again');
  if (cursor.number > parts.maxPages)
    throw failure('inventory', Kind.Malformed, `more than ${parts.maxPages} pages: the list does not end`);

  const regionName = parts.names.region(query.region);
  const apiName = parts.names.apiName(cursor.type) as string;
  const page = await searchConfig(parts.cspm, {
    query: configQuery({
      cloud: providerOf(cursor.type),
      apiName,
      accountName: await parts.accounts.nameOf(query.accountId),
      regionName,
      status: 'Active',
      rule: null,
    }),
    limit: query.pageSize,
    pageToken: cursor.token,
  }).catch((error: unknown) => unlessRefused(error, cursor));
  if (page === null) {
    const rejected = [refusedName(apiName, cursor.type)];
    return { assets: [], rejected, nextCursor: nextCursor(cursor, null, types), totalCount: null };
  }
  if (page.nextToken !== null && page.nextToken === cursor.token)
    throw failure('inventory', Kind.Malformed, 'the page token does not advance');
  const rows = readRows(page.items, { query, type: cursor.type, oneRegion: regionName !== null });
  const cut = cursor.token === null && (page.totalRows ?? 0) >= CUT_OFF;
  return {
    assets: rows.assets,
    rejected: cut ? [...rows.rejected, cutOff(page.totalRows, cursor.type)] : rows.rejected,
    nextCursor: nextCursor(cursor, page.nextToken, types),
    totalCount: types.length === 1 && regionName !== null ? page.totalRows : null,
  };
}

function readRows(items: readonly unknown[], context: RowContext) {
  const assets = new Map<string, InventoryAsset>();
  const rejected: RejectedRow[] = [];
  for (const item of items) {
    const row = readInventoryRow(item, context);
    if (row.kind === 'asset') assets.set(row.asset.assetKey, row.asset);
    if (row.kind === 'rejected') rejected.push(row.rejected);
  }
  return { assets: [...assets.values()], rejected };
}

/** A name this tenant does not know is refused with 400: that costs its type, and not the types beside it. */
function unlessRefused(error: unknown, { token }: Cursor): null {
  if (token === null && isProviderError(error, Kind.Terminal) && error.status === 400) return null;
  throw error;
}

function refusedName(apiName: string, type: ResourceType): RejectedRow {
  const fix = `the platform refused this name, so no ${type} is read; set its name, or null, in cnapp.prisma.apiNames`;
  return { field: 'api.name', found: apiName, fix, rowId: type };
}

function cutOff(found: unknown, type: ResourceType): RejectedRow {
  const fix =
    'the platform leaves the rest out: name the region in cnapp.prisma.regionNames, so that less is asked for';
  return { field: 'totalRows', found: String(found), fix, rowId: type };
}

function nextCursor(at: Cursor, token: string | null, types: readonly ResourceType[]): string | null {
  const type = token === null ? types[types.indexOf(at.type) + 1] : at.type;
  return type === undefined ? null : `${at.number + 1}|${type}|${token ?? ''}`;
}

function readCursor(cursor: string | null): Cursor | null {
  if (cursor === null) return null;
  const match = /^(\d{1,7})\|([^|]+)\|(.*)$/s.exec(cursor);
  const type = ResourceType.safeParse(match?.[2]);
  if (!match || !type.success)
    throw failure('inventory', Kind.Terminal, 'the cursor is not one this client gave out; start the partition again');
  return { number: Number(match[1]), type: type.data, token: match[3] || null };
}
