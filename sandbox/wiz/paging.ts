import { type Arguments, GraphqlFailure } from './graphql.ts';
import type { Json, Row } from './types.ts';

const MAX_FIRST = 500;
const DEFAULT_FIRST = 100;

/** A connection over rows with opaque cursors. */
export function connection(rows: readonly Row[], args: Arguments, untidy = false): Row {
  const first = Number(args['first'] ?? DEFAULT_FIRST);
  if (!(first >= 1 && first <= MAX_FIRST))
    throw new GraphqlFailure('BAD_USER_INPUT', `first must be between 1 and ${MAX_FIRST}`);
  const start = offsetOf(args['after']);
  const size = untidy ? untidySize(start, first) : first;
  const end = Math.min(rows.length, start + size);
  const more = end < rows.length;
  // A row that arrived while paging pushes the last one onto the next page as well.
  const next = untidy && start === 0 && size > 1 ? end - 1 : end;
  const page: readonly Json[] = rows.slice(start, end);
  return {
    nodes: page,
    edges: page.map((node) => ({ node, cursor: '' })),
    pageInfo: { hasNextPage: more, endCursor: more ? cursorOf(next) : null },
    totalCount: rows.length,
    maxCountReached: false,
  };
}

/** Every page but the first comes back shorter than asked, as when rows are hidden from the caller. */
function untidySize(start: number, first: number): number {
  return start === 0 ? first : Math.max(1, Math.ceil(first * 0.7));
}

function cursorOf(offset: number): string {
  return Buffer.from(`cursor/${offset}`).toString('base64url');
}

function offsetOf(after: unknown): number {
  if (after === null || after === undefined || after === '') return 0;
  const match = /^cursor\/(\d+)$/.exec(Buffer.from(String(after), 'base64url').toString());
  if (!match) throw new GraphqlFailure('BAD_USER_INPUT', 'Invalid cursor');
  return Number(match[1]);
}
