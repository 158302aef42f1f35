import { z } from 'zod';
import type { RejectedRow } from '../../../../ports/rows.ts';
import { type FoundRows, namedRows, oneByOne, onlyThese } from '../../shared/found-rows.ts';
import { mapGoogleError } from '../errors.ts';
import { lastPart, nameOfLink, parseName } from '../ids.ts';
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

/** What Google sent, unread, and the places that did not answer. */
export interface Listed {
  readonly nodes: readonly unknown[];
  /** Zones and regions by name; `global` for what lies in none. */
  readonly unreachable: readonly string[];
}

type Fetch = (pageToken: string | undefined) => Promise<{ readonly data: unknown }>;

/** Every row of a plain list; `beside` sees each page. Throws ProviderError. */
export async function listFlat(
  fetch: Fetch,
  operation: string,
  beside: (data: unknown) => void = () => {},
): Promise<unknown[]> {
  const rows: unknown[] = [];
  await eachPage(fetch, operation, (data) => {
    beside(data);
    const page = parseGoogle(Flat, data, operation);
    rows.push(...(page.items ?? []));
    return page.nextPageToken;
  });
  return rows;
}

/**
 * Every row of a list over all zones and regions; `member` is the rows' name in it. A place that does not answer costs its own
 * assets, which would look gone otherwise. Throws ProviderError.
 */
export async function listScoped(fetch: Fetch, member: string, operation: string): Promise<Listed> {
  const nodes: unknown[] = [];
  const unreachable = new Set<string>();
  await eachPage(fetch, operation, (data) => {
    const page = parseGoogle(Scoped, data, operation);
    for (const place of page.unreachables ?? []) unreachable.add(lastPart(place));
    for (const [scope, part] of Object.entries(page.items ?? {})) {
      const found = part[member];
      if (Array.isArray(found)) nodes.push(...(found as unknown[]));
      // An empty place says so; any other warning in place of rows is one about rows that are missing.
      else if (part.warning && part.warning.code !== 'NO_RESULTS_ON_PAGE') unreachable.add(lastPart(scope));
      if (part.warning?.code === 'UNREACHABLE') unreachable.add(lastPart(scope));
    }
    return page.nextPageToken;
  });
  return { nodes, unreachable: [...unreachable] };
}

/** One resource, or null when it is not there. Throws ProviderError. */
export async function getOrNull(read: Promise<{ readonly data: unknown }>, operation: string): Promise<unknown | null> {
  try {
    return (await read).data ?? null;
  } catch (error) {
    const mapped = mapGoogleError(error, operation);
    if (mapped.kind === 'not-found') return null;
    throw mapped;
  }
}

/** More of one kind than this are read as a list of the whole project, fewer one by one. */
const ONE_BY_ONE = 3;

/** Rows of a list by full resource name, and the places that did not answer. */
export interface NamedRows extends FoundRows<unknown> {
  readonly unreachable: readonly string[];
}

export function rowsByName({ nodes, unreachable }: Listed, operation: string): NamedRows {
  return { ...namedRows(nodes, { provider: 'gcp', operation, field: 'selfLink', keyOf: nameOfLink }), unreachable };
}

/** Rows of these names; what is gone is absent, what lies in a place that did not answer is named. Throws ProviderError. */
export async function rowsOf(
  names: readonly string[],
  operation: string,
  read: { one(name: string): Promise<unknown | null>; all(): Promise<NamedRows> },
): Promise<FoundRows<unknown>> {
  const wanted = new Set(names);
  if (wanted.size <= ONE_BY_ONE) return oneByOne([...wanted], read.one);
  const all = await read.all();
  const unread = [...wanted]
    .filter((name) => !all.rows.has(name) && all.unreachable.includes(parseName(name)?.place || 'global'))
    .map((name) => outOfReach(name, parseName(name)?.place ?? '', operation));
  const { rows, rejected } = onlyThese(all, wanted);
  return { rows, rejected: [...rejected, ...unread] };
}

/** An asset of a place that did not answer. */
export function outOfReach(assetKey: string, place: string, operation: string): RejectedRow {
  const fix = `Google could not reach it; the asset is read again by the next sweep`;
  return { source: 'gcp', operation, rowId: assetKey, assetKey, field: 'unreachables', found: place || 'global', fix };
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
