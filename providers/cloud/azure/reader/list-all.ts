import { type FoundRows, namedRows, oneByOne, onlyThese } from '../../shared/found-rows.ts';
import { mapAzureError } from '../errors.ts';
import { idOf } from '../ids.ts';

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

/** Rows of these ids as Azure sent them; what is gone is absent. Throws ProviderError. */
export async function rowsOf(
  ids: readonly string[],
  operation: string,
  read: { one(id: string): Promise<unknown>; all(): Promise<readonly unknown[]> },
): Promise<FoundRows<unknown>> {
  if (ids.length <= ONE_BY_ONE) return oneByOne(ids, read.one);
  return onlyThese(rowsById(await read.all(), operation), new Set(ids));
}

/** Every row of a list by its id in lower case. */
export function rowsById(nodes: readonly unknown[], operation: string): FoundRows<unknown> {
  return namedRows(nodes, { provider: 'azure', operation, field: 'id', keyOf: idOf });
}
