import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { GraphqlData, WizClient } from './client.ts';
import type { DocumentName } from './documents.ts';
import { failure } from './errors.ts';

const Connection = z.object({
  nodes: z.array(z.unknown()).nullish(),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  totalCount: z.number().int().nonnegative().nullish().catch(null),
});

export interface Page {
  readonly nodes: readonly unknown[];
  /** Null on the last page. */
  readonly next: string | null;
  readonly totalCount: number | null;
}

/** One connection of an answer. Rows stay unread: a bad row must not cost the page. */
export function readPage(operation: string, data: GraphqlData, field: string): Page {
  const parsed = Connection.safeParse(data[field]);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = [field, ...(issue?.path ?? [])].join('.');
    throw failure(operation, Kind.Malformed, `${path}: ${issue?.message ?? 'not a connection'}`);
  }
  const { nodes, pageInfo, totalCount } = parsed.data;
  if (pageInfo.hasNextPage && !pageInfo.endCursor)
    throw failure(operation, Kind.Malformed, `${field}.pageInfo: hasNextPage without endCursor`);
  return {
    nodes: nodes ?? [],
    next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null,
    totalCount: totalCount ?? null,
  };
}

/** Reads a list on from its first page to its end. A cursor that repeats, or more than `maxPages`, is an error. */
export async function readOn(
  client: WizClient,
  first: Page,
  rest: { document: DocumentName; filter: Record<string, unknown>; pageSize: number; maxPages: number },
): Promise<readonly unknown[]> {
  const nodes = [...first.nodes];
  const seen = new Set<string>();
  for (let after = first.next; after !== null; ) {
    if (seen.has(after) || seen.size >= rest.maxPages)
      throw failure(
        rest.document,
        Kind.Malformed,
        seen.has(after) ? 'a cursor came back a second time' : `more than ${rest.maxPages} pages`,
      );
    seen.add(after);
    const data = await client.query(rest.document, { filter: rest.filter, first: rest.pageSize, after });
    const page = readPage(rest.document, data, 'list');
    nodes.push(...page.nodes);
    after = page.next;
  }
  return nodes;
}

/** All rows of a list from its first page on. The document answers under `list`. */
export async function readAll(
  client: WizClient,
  of: { document: DocumentName; filter: Record<string, unknown>; pageSize: number; maxPages: number },
): Promise<readonly unknown[]> {
  const data = await client.query(of.document, { filter: of.filter, first: of.pageSize });
  return readOn(client, readPage(of.document, data, 'list'), of);
}
