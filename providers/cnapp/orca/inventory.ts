import type { InventoryAsset } from '../../../schemas/asset.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { InventoryPage, InventoryQuery } from '../../../ports/cnapp.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import { has, isIn } from './conditions.ts';
import type { Context } from './context.ts';
import { failure } from './errors.ts';
import { readInventoryRow } from './inventory-row.ts';
import { askedOf } from './models.ts';
import { PAGE_SIZE } from './paging.ts';

const OPERATION = 'inventory';
export const READ_ASSETS = 'read assets (queries of the serving layer)';

interface Cursor {
  /** Number of the page, so that a list without end is stopped although the caller keeps no state. */
  readonly number: number;
  /** All models together, or the index of the one whose turn it is. */
  readonly group: number | '*';
  readonly start: number;
}

/**
 * One page of the inventory of one account and region. The vendor shows the first 10,000 rows of a question: a partition
 * with more is read model by model, and a model with more is reported as a rejected row.
 */
export async function listAssets(context: Context, query: InventoryQuery): Promise<InventoryPage> {
  const { config, serving, window, maxPages } = context;
  const cursor = readCursor(query.cursor);
  if (cursor.number > maxPages)
    throw failure(OPERATION, Kind.Malformed, `more than ${maxPages} pages: the list does not end`);
  const asked = askedOf(context.models, query.resourceTypes, query.accountId);
  const names = [...asked.keys()];
  const models = cursor.group === '*' ? names : names.slice(cursor.group, cursor.group + 1);
  if (models.length === 0)
    return { assets: [], rejected: [], nextCursor: null, totalCount: cursor.group === '*' ? 0 : null };
  const { start } = cursor;
  const page = await serving.ask({
    operation: OPERATION,
    models,
    conditions: [has('CloudAccount', [isIn(config.accountKey, [query.accountId])]), isIn('Region', [query.region])],
    orderBy: 'AssetUniqueId',
    limit: Math.max(1, Math.min(Math.trunc(query.pageSize), PAGE_SIZE, window - start)),
    start,
    needs: READ_ASSETS,
  });
  const rejected: RejectedRow[] =
    query.cursor === null ? refusedRows(names.filter((name) => !serving.known(names).includes(name))) : [];
  const total = page.total;
  const next = (group: number | '*', at: number) => `${cursor.number + 1}.${group}.${at}`;
  if (cursor.group === '*' && total !== null && total > window && names.length > 1)
    return { assets: [], rejected, nextCursor: next(0, 0), totalCount: total };

  const reached = start + page.nodes.length;
  if (page.nodes.length === 0 && total !== null && start < total)
    throw failure(OPERATION, Kind.Unavailable, `the list ended after ${start} of ${total} rows; read it again`);
  const ended = page.nodes.length === 0 || (total !== null && reached >= total) || reached >= window;
  if (ended && total !== null && total > window) rejected.push(tooMany(total, window, models));
  const assets = new Map<string, InventoryAsset>();
  for (const node of page.nodes) {
    const row = readInventoryRow(node, { query, asked, ...config });
    if (row.ok) assets.set(row.asset.assetKey, row.asset);
    else rejected.push(row.rejected);
  }
  const following = cursor.group === '*' || cursor.group + 1 >= names.length ? null : next(cursor.group + 1, 0);
  return {
    assets: [...assets.values()],
    rejected,
    nextCursor: ended ? following : next(cursor.group, reached),
    totalCount: cursor.group === '*' ? total : null,
  };
}

function refusedRows(names: readonly string[]): RejectedRow[] {
  return names.map((name) => ({
    field: 'model',
    found: JSON.stringify(name),
    fix: 'this tenant has no model of that name, so this type is not read; set its name, or null, in cnapp.orca.models',
    rowId: null,
  }));
}

function tooMany(total: number, window: number, models: readonly string[]): RejectedRow {
  return {
    field: 'total_items',
    found: `${total} of ${models.join(', ')}`,
    fix: `Orca shows the first ${window} rows only; the rest of this account and region is not read`,
    rowId: null,
  };
}

function readCursor(cursor: string | null): Cursor {
  if (cursor === null) return { number: 1, group: '*', start: 0 };
  const match = /^(\d{1,7})\.(\*|\d{1,3})\.(\d{1,5})$/.exec(cursor);
  if (!match)
    throw failure(OPERATION, Kind.Terminal, 'the cursor is not one this client gave out; start the partition again');
  return { number: Number(match[1]), group: match[2] === '*' ? '*' : Number(match[2]), start: Number(match[3]) };
}
