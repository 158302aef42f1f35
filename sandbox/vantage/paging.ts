import { BadRequest } from './vql.ts';

/** Links name the public address, wherever this server really is. */
const PUBLIC = 'https://api.vantage.sh';

export interface PageOf<T> {
  readonly rows: readonly T[];
  readonly links: { self: string; first: string; next: string | null; last: string | null; prev: string | null };
}

/** One page by number. `cut` may make it shorter than was asked for; `skip` moves where it begins. */
export function pageOf<T>(
  all: readonly T[],
  url: URL,
  options: { max: number; cut?: number | undefined; skip?: number },
): PageOf<T> {
  const number = (name: string, otherwise: number) => {
    const text = url.searchParams.get(name);
    if (text !== null && !/^[1-9]\d*$/.test(text)) throw new BadRequest(`${name} is invalid`);
    return text === null ? otherwise : Number(text);
  };
  const page = number('page', 1);
  const limit = number('limit', 100);
  if (limit > options.max) throw new BadRequest(`limit must be less than or equal to ${options.max}`);
  const size = Math.min(limit, options.cut ?? limit);
  const start = (page - 1) * size + (options.skip ?? 0);
  const rows = all.slice(Math.max(0, start), start + size);
  const link = (n: number) => {
    const to = new URL(url.pathname + url.search, PUBLIC);
    to.searchParams.set('page', String(n));
    return to.href;
  };
  const last = Math.max(1, Math.ceil(all.length / size));
  return {
    rows,
    links: {
      self: link(page),
      first: link(1),
      next: page < last ? link(page + 1) : null,
      last: link(last),
      prev: page > 1 ? link(page - 1) : null,
    },
  };
}
