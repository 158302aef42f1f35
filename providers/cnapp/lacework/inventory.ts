import { providerOf } from '../../../domain/resource-kinds.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { InventoryPage, InventoryQuery } from '../../../ports/cnapp.ts';
import { failure } from './errors.ts';
import type { Collected } from './inventory-row.ts';
import { createReadOn, type Reader, type Reading, type Scope } from './reading.ts';
import { cloudOf } from './resource-types.ts';

/** A list nobody turned a page of for this long is read anew when somebody does. */
const KEEP_MS = 30 * 60_000;
/** A list that waits for its budget stays for the hour that takes. */
const KEEP_UNFINISHED_MS = 2 * 3_600_000;
const MOST_READINGS = 16;

export interface Inventory {
  listAssets(query: InventoryQuery): Promise<InventoryPage>;
  /** Every asset of an account of these types, all regions. */
  everything(accountId: string, resourceTypes: InventoryQuery['resourceTypes']): Promise<readonly Collected[]>;
}

/**
 * The inventory in pages of our own size. A list is read whole, since only then is it known which row of a resource is the
 * newest, and kept while its pages are turned. The cursor holds the end of the span and the last key, so that any process can
 * go on: it reads the same span again.
 */
export function createInventory(reader: Reader & { readonly clock: () => number }): Inventory {
  const { config, clock } = reader;
  const readOn = createReadOn(reader);
  const readings = new Map<string, Reading>();

  const start = (scope: Scope, to: number): Reading => {
    const now = clock();
    const span = { from: to - config.window, to };
    const reading: Reading = {
      scope,
      span,
      startedAt: now,
      rejected: [],
      served: new Set(),
      assets: new Map(),
      complete: false,
      touchedAt: now,
    };
    if (readings.size >= MOST_READINGS) readings.delete(readings.keys().next().value ?? '');
    readings.set(idOf(scope, to), reading);
    return reading;
  };

  /** What a first page may come from: a list still being read, or one of all regions that this region has not had yet. */
  const begun = (scope: Scope, region: string): Reading | undefined => {
    const fresh = (r: Reading) => clock() - r.startedAt < config.accountFactsFor && !r.served.has(region);
    return [...readings.values()].find(
      (r) => sameScope(r.scope, scope) && (!r.complete || (scope.region === null && fresh(r))),
    );
  };

  const whole = async (scope: Scope, region: string, to: number | null): Promise<Reading> => {
    for (const [id, old] of readings)
      if (clock() - old.touchedAt > (old.complete ? KEEP_MS : KEEP_UNFINISHED_MS)) readings.delete(id);
    const known = to === null ? begun(scope, region) : readings.get(idOf(scope, to));
    const reading = known ?? start(scope, to ?? clock());
    reading.touchedAt = clock();
    await readOn(reading);
    return reading;
  };

  return {
    listAssets: async (query) => {
      const cloud = cloudOf(query.accountId);
      const resourceTypes = query.resourceTypes.filter((type) => providerOf(type) === cloud);
      if (resourceTypes.length === 0) return { assets: [], rejected: [], nextCursor: null, totalCount: 0 };
      const filtered = query.region !== 'global' && config.names.regionFilter.includes(cloud);
      const scope = { accountId: query.accountId, region: filtered ? query.region : null, resourceTypes };
      const cursor = readCursor(query.cursor);
      const reading = await whole(scope, query.region, cursor?.to ?? null);
      const assets = [...reading.assets.values()].map((c) => c.asset).filter((a) => a.region === query.region);
      const from = cursor === null ? 0 : assets.findIndex((a) => a.assetKey > cursor.after);
      const page = from < 0 ? [] : assets.slice(from, from + Math.max(1, Math.trunc(query.pageSize)));
      const last = page.at(-1);
      const more = last !== undefined && last !== assets.at(-1);
      const rejected = cursor === null && reading.served.size === 0 ? [...reading.rejected] : [];
      if (cursor === null) reading.served.add(query.region);
      // Its last page was turned: nobody else comes for a list of one region.
      if (!more && filtered) readings.delete(idOf(scope, reading.span.to));
      return {
        assets: page,
        rejected,
        nextCursor: more ? cursorOf(reading.span.to, last.assetKey) : null,
        totalCount: assets.length,
      };
    },
    everything: async (accountId, resourceTypes) => {
      const reading = await whole({ accountId, region: null, resourceTypes }, '', null);
      return [...reading.assets.values()];
    },
  };
}

function idOf(scope: Scope, to: number): string {
  return JSON.stringify([scope.accountId, scope.region, scope.resourceTypes, to]);
}

function sameScope(a: Scope, b: Scope): boolean {
  return idOf(a, 0) === idOf(b, 0);
}

function cursorOf(to: number, after: string): string {
  return `${to}.${Buffer.from(after).toString('base64url')}`;
}

function readCursor(cursor: string | null): { to: number; after: string } | null {
  if (cursor === null) return null;
  const match = /^(\d{13})\.([\w-]+)$/.exec(cursor);
  if (!match)
    throw failure(
      'Inventory/search',
      Kind.Terminal,
      'the cursor is not one this client gave out; start the partition again',
    );
  return { to: Number(match[1]), after: Buffer.from(match[2] as string, 'base64url').toString() };
}
