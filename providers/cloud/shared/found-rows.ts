import type { Readings, RejectedRow } from '../../../ports/rows.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import { type Asked, RowError, readRows, rejectedRow, textOf } from '../../rows.ts';

/** Rows of a list by the name that asset keys have, and those that cannot be read. */
export interface FoundRows<T> {
  readonly rows: ReadonlyMap<string, T>;
  readonly rejected: readonly RejectedRow[];
}

/** A row without a name could be anybody's: it is told and left out. */
export function namedRows(
  nodes: readonly unknown[],
  asked: Asked & { readonly field: string; keyOf(text: string): string },
): FoundRows<unknown> {
  const { field } = asked;
  const { rows, rejected } = readRows(nodes, {
    ...asked,
    read: (node) => {
      const name = textOf(node, field);
      if (name === null)
        throw new RowError(asked, { field, found: node, fix: 'must be text: nobody knows whose it is' });
      return [asked.keyOf(name), node] as const;
    },
    idOf: (node) => textOf(node, 'name'),
  });
  return { rows: new Map(rows), rejected };
}

/** Each row as `read` understands it; one that cannot be understood is named and judges nothing. */
export function readFound<T, R>(found: FoundRows<T>, read: (row: T, key: string) => R): FoundRows<R> {
  const rows = new Map<string, R>();
  const rejected = [...found.rejected];
  for (const [key, row] of found.rows)
    try {
      rows.set(key, read(row, key));
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      rejected.push(rejectedRow(error, key, key));
    }
  return { rows, rejected };
}

/** What was asked for by itself, whatever it says of itself; null is gone. */
export async function oneByOne(
  keys: readonly string[],
  one: (key: string) => Promise<unknown>,
): Promise<FoundRows<unknown>> {
  const nodes = await Promise.all(keys.map(async (key) => [key, await one(key)] as const));
  return { rows: new Map(nodes.filter(([, node]) => node !== null)), rejected: [] };
}

export function onlyThese<T>(found: FoundRows<T>, keys: ReadonlySet<string>): FoundRows<T> {
  return { ...found, rows: new Map([...found.rows].filter(([key]) => keys.has(key))) };
}

/** The one row of a key, for those who must not take what is unreadable for gone. @throws ProviderError malformed */
export function soleRow<T>(found: FoundRows<T>, key: string, asked: Asked): T | null {
  const row = found.rows.get(key);
  if (row !== undefined) return row;
  const [first] = found.rejected;
  if (first !== undefined) throw new RowError(asked, first);
  return null;
}

/** Facts of the assets; what is gone is absent. */
export function factsFrom<R, F>(
  assets: readonly AssetRef[],
  found: FoundRows<R>,
  read: (asset: AssetRef, row: R) => F,
): Readings<F> {
  const byKey = new Map(assets.map((asset) => [asset.assetKey, asset]));
  const mine = onlyThese(found, new Set(byKey.keys()));
  const { rows, rejected } = readFound(mine, (row, key) => read(byKey.get(key) as AssetRef, row));
  return { rows: [...rows.values()], rejected };
}
