import type { ResourceType } from '../../../schemas/resource-type.ts';
import { isProviderError, ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import type { LaceworkClient } from './client.ts';
import { type Collected, type RowQuery, readInventoryRow } from './inventory-row.ts';
import { assertNew, nextCall, type Page, readPage } from './paging.ts';
import { CSP, cloudOf, namesOf } from './resource-types.ts';
import { type Filter, type Span, searchCall } from './search.ts';
import type { Lacework } from './section.ts';

export interface Scope {
  readonly accountId: string;
  /** Null: all regions, where the vendor's spelling of regions cannot be filtered by. */
  readonly region: string | null;
  readonly resourceTypes: readonly ResourceType[];
}

/** One list of the inventory as it is read: what came so far, and where it goes on. */
export interface Reading {
  readonly scope: Scope;
  readonly span: Span;
  readonly startedAt: number;
  readonly rejected: RejectedRow[];
  /** Regions that were given their first page from it. */
  readonly served: Set<string>;
  /** By asset key, in order once the list is complete. */
  assets: ReadonlyMap<string, Collected>;
  complete: boolean;
  touchedAt: number;
}

export interface Reader {
  readonly client: LaceworkClient;
  readonly config: Lacework;
  readonly maxPages: number;
}

/** The permission every inventory search needs. */
export const READ_INVENTORY = 'read the resource inventory';

/**
 * Reads a list on to its end. The vendor decides how many rows a page has, and sends one row for each collection in the span:
 * the newest of each resource counts. What was read stays when a page fails, so that a used-up budget only delays the list.
 */
export function createReadOn(reader: Reader): (reading: Reading) => Promise<void> {
  const progress = new WeakMap<Reading, { next: string | null; seen: Set<string>; rows: Map<string, Collected> }>();
  const pending = new WeakMap<Reading, Promise<void>>();

  const begin = (reading: Reading) => {
    reading.rejected.length = 0;
    return { next: null as string | null, seen: new Set<string>(), rows: new Map<string, Collected>() };
  };

  const run = async (reading: Reading): Promise<void> => {
    const first = searchCall({
      path: 'Inventory/search',
      permission: READ_INVENTORY,
      span: reading.span,
      filters: filtersOf(reading.scope, reader.config),
      more: { csp: CSP[cloudOf(reading.scope.accountId)] },
    });
    const state = progress.get(reading) ?? begin(reading);
    progress.set(reading, state);
    for (;;) {
      const page = await readPage(reader.client, state.next === null ? first : nextCall(first, state.next));
      take(page, reading, { rows: state.rows, names: reader.config.names });
      if (page.next === null) break;
      assertNew(state.seen, page.next, reader.maxPages);
      state.next = page.next;
    }
    reading.assets = new Map([...state.rows].sort(([a], [b]) => (a < b ? -1 : 1)));
    reading.complete = true;
    progress.delete(reading);
  };

  const runOrForget = async (reading: Reading): Promise<void> => {
    try {
      await run(reading);
    } catch (error) {
      // Anything but waiting spoils what was read, such as a page address the vendor no longer knows: the list begins again.
      if (!isProviderError(error, Kind.RetryAfter) && !isProviderError(error, Kind.Unavailable))
        progress.delete(reading);
      throw error;
    }
  };

  return (reading) => {
    if (reading.complete) return Promise.resolve();
    const running = pending.get(reading) ?? runOrForget(reading).finally(() => pending.delete(reading));
    pending.set(reading, running);
    return running;
  };
}

function take(page: Page, reading: Reading, into: { rows: Map<string, Collected>; names: Lacework['names'] }): void {
  for (const node of page.rows) {
    const row = readInventoryRow(node, reading.scope, into.names);
    if (row.kind === 'rejected') reading.rejected.push(row.rejected);
    if (row.kind !== 'asset') continue;
    const known = into.rows.get(row.found.asset.assetKey);
    // Whole configurations of a whole account are too much to keep; the attributes say what is needed.
    if (!known || known.collectedAt <= row.found.collectedAt)
      into.rows.set(row.found.asset.assetKey, { ...row.found, configuration: null });
  }
}

/** The filters of an inventory search. */
export function filtersOf(scope: RowQuery, { names }: Lacework): Filter[] {
  const cloud = cloudOf(scope.accountId);
  const types = [...new Set(scope.resourceTypes.flatMap((type) => namesOf(type, names)))];
  return [
    { field: names.inventoryAccount[cloud], expression: 'eq', value: scope.accountId },
    ...(scope.region === null ? [] : [{ field: 'resourceRegion', expression: 'eq', value: scope.region } as const]),
    { field: 'resourceType', expression: 'in', values: types },
  ];
}
