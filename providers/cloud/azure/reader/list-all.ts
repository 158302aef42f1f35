import type { AssetRef } from '../../../../schemas/asset.ts';
import { isProviderError } from '../../../../ports/errors.ts';
import { mapAzureError } from '../errors.ts';

/** A list that never ends is Azure's fault, not a reason to loop for ever. */
const MAX_ROWS = 200_000;

/** Every row of a client's list. Throws ProviderError. */
export async function listAll<T>(rows: AsyncIterable<T>, operation: string): Promise<T[]> {
  const found: T[] = [];
  try {
    for await (const row of rows) {
      found.push(row);
      if (found.length > MAX_ROWS) throw new Error(`more than ${MAX_ROWS} rows`);
    }
  } catch (error) {
    throw mapAzureError(error, operation);
  }
  return found;
}

/** One resource, or null when it is not there. Throws ProviderError. */
export async function getOrNull<T>(read: Promise<T>, operation: string): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    const mapped = mapAzureError(error, operation);
    if (mapped.kind === 'not-found') return null;
    throw mapped;
  }
}

/** More of one kind than this are read as a list of the whole subscription, fewer one by one. */
const ONE_BY_ONE = 3;

/** Rows of these ids, by id in lower case; what is gone is absent. */
export async function rowsOf<T extends { readonly id?: string }>(
  ids: readonly string[],
  read: { one(id: string): Promise<T | null>; all(): Promise<readonly T[]> },
): Promise<ReadonlyMap<string, T>> {
  const wanted = new Set(ids);
  const rows = ids.length > ONE_BY_ONE ? await read.all() : await Promise.all(ids.map((id) => read.one(id)));
  const found = new Map<string, T>();
  for (const row of rows) {
    const id = row?.id?.toLowerCase();
    if (row && id !== undefined && wanted.has(id)) found.set(id, row);
  }
  return found;
}

/**
 * Each row as `read` understands it. One that cannot be understood ends the read when `strict`, because "not there" would be
 * taken for "gone"; in a sweep it is left out, which judges nothing, and the others go on. Throws ProviderError.
 */
export function understood<T, R>(
  rows: ReadonlyMap<string, T>,
  strict: boolean,
  read: (row: T, id: string) => R,
): ReadonlyMap<string, R> {
  const found = new Map<string, R>();
  for (const [id, row] of rows)
    try {
      found.set(id, read(row, id));
    } catch (error) {
      if (strict || !isProviderError(error, 'malformed')) throw error;
    }
  return found;
}

/** Facts in the order of the assets; what is gone is absent. */
export function factsFrom<R, F>(
  assets: readonly AssetRef[],
  rows: ReadonlyMap<string, R>,
  how: { readonly strict: boolean; readonly read: (asset: AssetRef, row: R) => F },
): F[] {
  const byKey = new Map(assets.map((asset) => [asset.assetKey, asset]));
  const mine = new Map([...rows].filter(([id]) => byKey.has(id)));
  return [...understood(mine, how.strict, (row, id) => how.read(byKey.get(id) as AssetRef, row)).values()];
}
