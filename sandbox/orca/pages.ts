export interface PageOptions {
  /** Rows that are shown at all. */
  readonly window: number;
  /** Short pages, and one row that arrives in front of the others after the first page. */
  readonly untidy: boolean;
}

export interface Slice<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

/** One page by index. Every page but the first is shorter than asked, and begins one row back. */
export function slice<T>(rows: readonly T[], start: number, limit: number, options: PageOptions): Slice<T> {
  const moved = options.untidy && start > 0 ? 1 : 0;
  const size = moved === 0 ? limit : Math.max(1, Math.ceil(limit * 0.7));
  const end = Math.min(start + size, options.window);
  return { rows: rows.slice(Math.max(0, start - moved), Math.max(0, end - moved)), total: rows.length + moved };
}
