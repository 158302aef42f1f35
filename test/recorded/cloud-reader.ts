import type { RejectedRow } from '../../ports/rows.ts';
import type { Outcome, RecordedReader } from './reader.ts';

/** What one adapter of a cloud made of a body. */
export interface CloudOutcome {
  readonly read: number;
  readonly refused: readonly RejectedRow[];
  readonly leftOut?: number;
}

/** A reader of bodies in which `rowsIn` finds the rows; null where the body is an error. */
export function cloudReader(
  endpoint: RegExp,
  rowsIn: (body: unknown) => readonly unknown[] | null,
  read: (body: unknown) => CloudOutcome | Promise<CloudOutcome>,
): RecordedReader {
  return {
    endpoint,
    rows: (body) => rowsIn(body)?.length ?? null,
    async read(body): Promise<Outcome> {
      const { read: count, refused, leftOut = 0 } = await read(body);
      return { read: count, rejected: refused, leftOut };
    },
  };
}

/** What one reader of rows made of them. */
export function parsedRows(
  nodes: readonly unknown[],
  read: (nodes: readonly unknown[]) => { readonly rows: readonly unknown[]; readonly rejected: readonly RejectedRow[] },
): CloudOutcome {
  const { rows, rejected } = read(nodes);
  return { read: rows.length, refused: rejected };
}

export function incompleteRow(found: string): RejectedRow {
  return { rowId: null, field: 'series', found, fix: 'its series are not believed' };
}
