import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { CspmClient } from './cspm-client.ts';
import { failure, firstProblem } from './errors.ts';

/** The first answer has the page in `data`, every further one is the page itself. */
const Page = z.object({
  items: z.array(z.unknown()).nullable(),
  nextPageToken: z.string().nullish(),
  totalRows: z.number().int().nonnegative().nullish().catch(null),
});
const FirstAnswer = z.object({ data: Page });

export interface SearchPage {
  /** Rows stay unread: a bad row must not cost the page. */
  readonly items: readonly unknown[];
  /** Null on the last page. */
  readonly nextToken: string | null;
  readonly totalRows: number | null;
}

const OPERATION = 'search-config';
/** The platform gives out more per page, but no public client asks for more. */
export const MAX_PAGE_SIZE = 1000;

/** One page of a configuration query, with the raw configuration of each row. */
export async function searchConfig(
  cspm: CspmClient,
  search: { readonly query: string; readonly limit: number; readonly pageToken: string | null },
): Promise<SearchPage> {
  const { query, pageToken } = search;
  const limit = Math.min(Math.max(1, Math.trunc(search.limit)), MAX_PAGE_SIZE);
  const shared = { limit, withResourceJson: true };
  const first = {
    path: '/search/config',
    body: { ...shared, query, timeRange: { type: 'to_now', value: 'epoch' } },
  };
  const request = pageToken === null ? first : { path: '/search/config/page', body: { ...shared, pageToken } };
  const answer = await cspm.call({ operation: OPERATION, ...request });
  const parsed = pageToken === null ? FirstAnswer.transform((a) => a.data).safeParse(answer) : Page.safeParse(answer);
  if (!parsed.success) throw failure(OPERATION, Kind.Malformed, firstProblem(parsed.error));
  return {
    items: parsed.data.items ?? [],
    nextToken: parsed.data.nextPageToken || null,
    totalRows: parsed.data.totalRows ?? null,
  };
}

/** Reads a query to its end. A token that comes back, or more than `maxPages`, is an error. */
export async function searchAll(cspm: CspmClient, query: string, maxPages: number): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  const seen = new Set<string>();
  for (let pageToken: string | null = null; ; ) {
    const page: SearchPage = await searchConfig(cspm, { query, limit: MAX_PAGE_SIZE, pageToken });
    items.push(...page.items);
    pageToken = page.nextToken;
    if (pageToken === null) return items;
    if (seen.has(pageToken) || seen.size >= maxPages)
      throw failure(OPERATION, Kind.Malformed, `a list that does not end after ${seen.size + 1} pages`);
    seen.add(pageToken);
  }
}
