import type { z } from 'zod';
import type { Readings } from '../../ports/rows.ts';
import { isProviderError } from '../../ports/errors.ts';
import { at, parseRow, readRows } from '../../providers/rows.ts';
import type { RecordedFile } from './folder.ts';
import type { Outcome, RecordedReader, Unread } from './reader.ts';

/** The list at `path` of a body; a body that is a list itself with no path; null where there is no list. */
export function listIn(body: unknown, ...path: readonly string[]): readonly unknown[] | null {
  const found = at(body, path);
  return Array.isArray(found) ? (found as readonly unknown[]) : null;
}

export function outcomeOf({ rows, rejected }: Readings<unknown>): Outcome {
  return { read: rows.length, rejected };
}

/** A reader of lists: `nodes` takes the rows out of a body, `read` is the adapter's own. */
export function listReader(
  endpoint: RegExp,
  nodes: (body: unknown, file: RecordedFile) => readonly unknown[],
  read: (nodes: readonly unknown[]) => Readings<unknown>,
): RecordedReader {
  return {
    endpoint,
    rows: (body, file) => nodes(body, file).length,
    read: (body, file) => outcomeOf(read(nodes(body, file))),
  };
}

/** The adapter's schema of one row, as the adapter uses it. */
export function rowsBy(schema: z.ZodType, provider: string, operation: string) {
  const asked = { provider, operation };
  return (nodes: readonly unknown[]) => readRows(nodes, { ...asked, read: (node) => parseRow(schema, node, asked) });
}

/** A reader that is given one row and throws ProviderError for one it cannot read. */
export function rowsFrom(provider: string, operation: string, readOne: (node: unknown) => unknown) {
  return (nodes: readonly unknown[]): Readings<unknown> => {
    const read: unknown[] = [];
    const rejected = [];
    for (const node of nodes)
      try {
        read.push(readOne(node));
      } catch (error) {
        if (!isProviderError(error)) throw error;
        const fix = 'the adapter refuses the answer; see the message';
        rejected.push({ source: provider, operation, rowId: null, field: operation, found: error.message, fix });
      }
    return { rows: read, rejected };
  };
}

export const one = (body: unknown): readonly unknown[] => [body];

export const noReader = (why: string, ...endpoints: readonly RegExp[]): readonly Unread[] =>
  endpoints.map((endpoint) => ({ endpoint, why }));
