import type { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../ports/errors.ts';
import type { Readings, RejectedRow } from '../ports/rows.ts';

/** Whose answer is read, and what was asked for in the vendor's own word. */
export interface Asked {
  readonly provider: string;
  readonly operation: string;
}

export interface RowFault {
  readonly field: string;
  readonly found: unknown;
  readonly fix: string;
}

const MOST_SHOWN = 120;

/** One row, or one answer, that cannot be understood: `malformed` with its place, for `readRows` or for whoever asked. */
export class RowError extends ProviderError {
  readonly field: string;
  readonly found: string;
  readonly fix: string;

  constructor(asked: Asked, { field, found, fix }: RowFault) {
    const text = shown(found);
    super({ ...asked, kind: ProviderErrorKind.Malformed, message: `field ${field}: found ${text}; ${fix}` });
    this.name = 'RowError';
    this.field = field;
    this.found = text;
    this.fix = fix;
  }
}

/** One piece of an answer. @throws RowError naming the field, what was found and the fix */
export function parseRow<S extends z.ZodType>(schema: S, node: unknown, asked: Asked): z.output<S> {
  const parsed = schema.safeParse(node);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  throw new RowError(asked, {
    field: path.join('.') || '(root)',
    found: at(node, path),
    fix: `${issue?.message ?? 'is not as promised'}; compare the answer with the vendor's documentation`,
  });
}

export interface RowReader<T> extends Asked {
  /** One row as we know it. May throw RowError, which costs this row only. */
  read(node: unknown): T;
  /** Which row it is, so that a person can find it. */
  idOf?(node: unknown): string | null;
  /** The asset that a row of this id is about. */
  assetKeyOf?(rowId: string): string | undefined;
}

/** Row by row: one that cannot be read is named with its place and the others are read. Other errors pass through. */
export function readRows<T>(nodes: readonly unknown[], reader: RowReader<T>): Readings<T> {
  const rows: T[] = [];
  const rejected: RejectedRow[] = [];
  for (const node of nodes)
    try {
      rows.push(reader.read(node));
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      const rowId = reader.idOf?.(node) ?? null;
      rejected.push(rejectedRow(error, rowId, rowId === null ? undefined : reader.assetKeyOf?.(rowId)));
    }
  return { rows, rejected };
}

/** Every row, for those who must not take what is unreadable for absent. @throws ProviderError malformed */
export function allRead<T>({ rows, rejected }: Readings<T>, asked: Asked): readonly T[] {
  const [first] = rejected;
  if (first !== undefined) throw new RowError(asked, first);
  return rows;
}

/** About something that was asked for, or about nobody knows what: the list of a whole account holds other rows as well. */
export function concernsAsked({ rowId, assetKey }: RejectedRow): boolean {
  return assetKey !== undefined || rowId === null;
}

/** A refusal in the words of the quarantine. */
export function rejectedRow(error: RowError, rowId: string | null, assetKey?: string): RejectedRow {
  const { provider: source, operation, field, found, fix } = error;
  return { source, operation, rowId, field, found, fix, ...(assetKey === undefined ? {} : { assetKey }) };
}

/** The text at `name` of a row that may have any shape; null when there is none. */
export function textOf(node: unknown, ...path: readonly PropertyKey[]): string | null {
  const value = at(node, path);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The value at `path`, whatever the node is. */
export function at(node: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], node);
}

/** A value as a message may show it: short, and on one line. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, MOST_SHOWN);
}
