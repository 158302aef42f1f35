import { hexOf, keyOf } from '../estate/random.ts';
import type { Row } from './types.ts';

export interface Pages {
  /** The first page of these rows; null when there are none, which the API answers with 204. */
  first(path: string, rows: readonly Row[], origin: string): Row | null;
  /** The page an address leads to, null when nobody was given that address. */
  next(path: string, mark: string, origin: string): Row | null;
}

/** Result lists are kept and read on by addresses of their own, below the path of the search. */
export function createPages(pageRows: number): Pages {
  const lists = new Map<string, { readonly path: string; readonly rows: readonly Row[] }>();
  let serial = 0;

  const page = (
    path: string,
    list: { rows: readonly Row[]; id: string },
    at: { start: number; origin: string },
  ): Row => {
    const rows = list.rows.slice(at.start, at.start + pageRows);
    const end = at.start + rows.length;
    const nextPage = end < list.rows.length ? `${at.origin}/api/v2/${path}/${list.id}-${end}` : null;
    return { data: rows, paging: { rows: rows.length, totalRows: list.rows.length, urls: { nextPage } } };
  };

  return {
    first: (path, rows, origin) => {
      if (rows.length === 0) return null;
      const id = hexOf(keyOf(++serial, 'pages'), 16);
      const base = path.replace(/\/search$/, '');
      if (rows.length > pageRows) lists.set(id, { path: base, rows });
      if (lists.size > 500) lists.delete(lists.keys().next().value ?? '');
      return page(base, { rows, id }, { start: 0, origin });
    },
    next: (path, mark, origin) => {
      const [id = '', start = ''] = mark.split('-');
      const list = lists.get(id);
      if (list?.path !== path || !/^\d+$/.test(start)) return null;
      return page(path, { rows: list.rows, id }, { start: Number(start), origin });
    },
  };
}
