import type { CacheStore } from '../../../ports/store.ts';
import type { CnappPort, InventoryPage, InventoryQuery } from '../../../ports/cnapp.ts';
import type { RejectedRow } from '../../../ports/rows.ts';

/** Remembers how much a source showed the last time it was believed. */
export interface InventoryMemory {
  last(key: string): Promise<number | null>;
  remember(key: string, total: number): Promise<void>;
}

/** So small an inventory may really halve overnight. */
const TOO_FEW_TO_JUDGE = 10;

/**
 * Why the inventory of one source in one place is not believed, or null. A connector that lost its rights shows an estate
 * that has all but vanished; taking that for the truth would report assets as gone.
 */
export async function implausibility(look: {
  readonly source: CnappPort;
  readonly page: InventoryPage;
  readonly query: InventoryQuery;
  readonly memory: InventoryMemory;
  readonly implausibleBelow: number;
}): Promise<RejectedRow | null> {
  const { source, page, query, memory, implausibleBelow } = look;
  const total = page.totalCount;
  if (total === null) return null;
  const key = `inventory/${source.vendor}/${query.accountId}/${query.region}`;
  const last = await memory.last(key);
  if (last !== null && last >= TOO_FEW_TO_JUDGE && total < last * implausibleBelow)
    return {
      rowId: null,
      field: 'totalCount',
      found: `${total} assets where ${source.vendor} showed ${last} before`,
      fix: `the inventory is refused; check the connector and the rights of ${source.vendor}, or lower cnapp.implausibleBelow if the estate really shrank`,
    };
  await memory.remember(key, total);
  return null;
}

/** Kept in the cache store for as long as a sweep may be away. */
const REMEMBERED_MS = 30 * 86_400_000;

export function inventoryMemory(cache: CacheStore, clock: () => number = Date.now): InventoryMemory {
  return {
    async last(key) {
      const value = await cache.get(key);
      return typeof value === 'number' ? value : null;
    },
    remember: (key, total) => cache.put(key, total, new Date(clock() + REMEMBERED_MS).toISOString()),
  };
}
