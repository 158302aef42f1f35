import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure } from './errors.ts';

/** The vendor answers no row beyond this index. */
export const WINDOW = 10_000;
/** Rows of one page; the vendor's own clients ask for no more. */
export const PAGE_SIZE = 1_000;

/** Shape of every list of the vendor. */
const List = z.object({
  data: z.array(z.unknown()).nullish(),
  total_items: z.number().int().nonnegative().nullish().catch(null),
});

export interface Page {
  /** Rows stay unread: a bad row must not cost the page. */
  readonly nodes: readonly unknown[];
  /** Null when the vendor did not count. */
  readonly total: number | null;
}

export function readPage(operation: string, body: unknown): Page {
  const parsed = List.safeParse(body);
  if (!parsed.success || !parsed.data.data)
    throw failure(operation, Kind.Malformed, 'the answer has no list "data"; check cnapp.orca.apiUrl');
  return { nodes: parsed.data.data, total: parsed.data.total_items ?? null };
}

/**
 * A whole list, page by page. Pages may be short before the end: only the count, or an empty page, ends it. A list that
 * stands still, ends early or is longer than the vendor shows is an error: half a list of findings looks safer than it is.
 */
export async function readWhole(
  operation: string,
  pageAt: (start: number, limit: number) => Promise<Page>,
  bounds: { readonly pageSize: number; readonly window: number },
): Promise<readonly unknown[]> {
  const nodes: unknown[] = [];
  let before = '';
  for (;;) {
    const page = await pageAt(nodes.length, bounds.pageSize);
    const total = page.total;
    if (total !== null && total > bounds.window)
      throw failure(operation, Kind.Malformed, `${total} rows, and the vendor shows the first ${bounds.window} only`);
    if (page.nodes.length === 0) {
      if (total !== null && nodes.length < total)
        throw failure(
          operation,
          Kind.Unavailable,
          `the list ended after ${nodes.length} of ${total} rows; read it again`,
        );
      return nodes;
    }
    const ends = JSON.stringify([page.nodes[0], page.nodes.at(-1), page.nodes.length]);
    if (ends === before) throw failure(operation, Kind.Malformed, 'the same page came a second time');
    before = ends;
    nodes.push(...page.nodes);
    if (total !== null && nodes.length >= total) return nodes;
    if (nodes.length >= bounds.window)
      throw failure(operation, Kind.Malformed, `the list does not end within ${bounds.window} rows`);
  }
}
