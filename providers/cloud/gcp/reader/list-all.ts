import { z } from 'zod';
import { mapGoogleError } from '../errors.ts';
import { nameOfLink } from '../ids.ts';
import { malformed, OptionalText, parseGoogle } from './parse.ts';

/** Most rows Compute Engine puts on a page. */
export const PAGE_ROWS = 500;
const MAX_PAGES = 1000;

const Flat = z.object({ items: z.array(z.unknown()).nullish(), nextPageToken: OptionalText });
const Warning = z.object({ code: OptionalText }).nullish();
const Scoped = z.object({
  items: z.record(z.string(), z.looseObject({ warning: Warning })).nullish(),
  nextPageToken: OptionalText,
  unreachables: z.array(z.string()).nullish(),
});

type Fetch = (pageToken: string | undefined) => Promise<{ readonly data: unknown }>;

/** Every row of a plain list. Throws ProviderError. */
export async function listFlat(fetch: Fetch, operation: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  await eachPage(fetch, operation, (data) => {
    const page = parseGoogle(Flat, data, operation);
    rows.push(...(page.items ?? []));
    return page.nextPageToken;
  });
  return rows;
}

/**
 * Every row of a list over all zones and regions; `member` is the rows' name in it. A zone that could not be reached is an error:
 * its assets would look gone. Throws ProviderError.
 */
export async function listScoped(fetch: Fetch, member: string, operation: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  await eachPage(fetch, operation, (data) => {
    const page = parseGoogle(Scoped, data, operation);
    const [unreachable] = page.unreachables ?? [];
    if (unreachable !== undefined) throw malformed(operation, `${unreachable} could not be read; try again later`);
    for (const [scope, part] of Object.entries(page.items ?? {})) {
      const found = part[member];
      if (Array.isArray(found)) rows.push(...(found as unknown[]));
      else if (part.warning?.code === 'UNREACHABLE')
        throw malformed(operation, `${scope} could not be read; try again later`);
    }
    return page.nextPageToken;
  });
  return rows;
}

/** One resource, or null when it is not there. Throws ProviderError. */
export async function getOrNull(read: Promise<{ readonly data: unknown }>, operation: string): Promise<unknown | null> {
  try {
    return (await read).data;
  } catch (error) {
    const mapped = mapGoogleError(error, operation);
    if (mapped.kind === 'not-found') return null;
    throw mapped;
  }
}

/** More of one kind than this are read as a list of the whole project, fewer one by one. */
const ONE_BY_ONE = 3;

/** Rows of these names; what is gone is absent. Throws ProviderError. */
export async function rowsOf<T extends { readonly selfLink: string }>(
  names: readonly string[],
  read: { one(name: string): Promise<T | null>; all(): Promise<readonly T[]> },
): Promise<ReadonlyMap<string, T>> {
  const wanted = new Set(names);
  const rows = wanted.size > ONE_BY_ONE ? await read.all() : await Promise.all([...wanted].map((n) => read.one(n)));
  const found = new Map<string, T>();
  for (const row of rows) {
    const name = row === null ? '' : nameOfLink(row.selfLink);
    if (row !== null && wanted.has(name)) found.set(name, row);
  }
  return found;
}

async function eachPage(fetch: Fetch, operation: string, take: (data: unknown) => string | null): Promise<void> {
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const data = await fetch(token).then(
      (answer) => answer.data,
      (error: unknown) => {
        throw mapGoogleError(error, operation);
      },
    );
    const next = take(data);
    if (!next) return;
    token = next;
  }
  throw malformed(operation, `still another page after ${MAX_PAGES}; gave up`);
}
