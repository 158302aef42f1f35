import type { Json } from './types.ts';

export interface Paged<T> {
  readonly items: readonly T[];
  /** Where the next page starts, null on the last. */
  readonly next: number | null;
}

/**
 * A page of a list. Untidy ones repeat the last row of the first page on the second and come back shorter than asked, as
 * when rows arrive or are hidden while somebody reads.
 */
export function pageOf<T>(rows: readonly T[], start: number, limit: number, untidy: boolean): Paged<T> {
  const size = untidy && start > 0 ? Math.max(1, Math.ceil(limit * 0.7)) : limit;
  const end = Math.min(rows.length, start + size);
  const more = end < rows.length;
  const next = untidy && start === 0 && size > 1 ? end - 1 : end;
  return { items: rows.slice(start, end), next: more ? next : null };
}

export function tokenOf(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What a token was made of, or null when it is none of ours. */
export function readToken(token: unknown): { readonly query: string; readonly start: number } | null {
  try {
    const value = JSON.parse(Buffer.from(String(token), 'base64url').toString()) as { query?: string; start?: number };
    return typeof value.query === 'string' && typeof value.start === 'number'
      ? { query: value.query, start: value.start }
      : null;
  } catch {
    return null;
  }
}
