import type { Json, Row } from './types.ts';

/** What the API answers with 400. */
export class BadRequest extends Error {}

export interface SearchBody {
  readonly from: number;
  readonly to: number;
  readonly filters: readonly Filter[];
  readonly returns: readonly string[] | null;
  /** `csp` and `dataset`, where the search takes them. */
  readonly more: Readonly<Record<string, unknown>>;
}

interface Filter {
  readonly field: string;
  readonly expression: string;
  readonly value?: unknown;
  readonly values?: readonly unknown[];
}

const DAY = 86_400_000;

/** Reads a search body as strictly as the vendor does: unknown keys, long spans and old history are refused. */
export function readSearch(body: unknown, extraKeys: readonly string[], now: number): SearchBody {
  if (typeof body !== 'object' || body === null) throw new BadRequest('Invalid request body');
  const { timeFilter, filters = [], returns, ...more } = body as Record<string, unknown>;
  const unknown = Object.keys(more).find((key) => !extraKeys.includes(key));
  if (unknown !== undefined) throw new BadRequest(`"${unknown}" is an unrecognized key`);
  const times = (timeFilter ?? {}) as { startTime?: string; endTime?: string };
  const from = Date.parse(times.startTime ?? '');
  const to = Date.parse(times.endTime ?? '');
  if (!Number.isFinite(from) || !Number.isFinite(to) || from >= to) throw new BadRequest('timeFilter is not valid');
  if (to - from > 7 * DAY) throw new BadRequest('The time range may not be longer than 7 days');
  if (now - from > 92 * DAY + 60_000) throw new BadRequest('startTime may not be older than 92 days');
  for (const filter of filters as Filter[])
    if (!EXPRESSIONS[filter.expression]) throw new BadRequest(`expression ${filter.expression} is not supported`);
  const wanted = Array.isArray(returns) ? (returns as string[]) : null;
  return { from, to, filters: filters as Filter[], returns: wanted, more };
}

/** The rows a search finds, cut to what it wants returned. */
export function apply(rows: readonly Row[], search: SearchBody): readonly Row[] {
  const found = rows.filter((row) => search.filters.every((filter) => matches(row, filter)));
  const { returns } = search;
  if (returns === null) return found;
  return found.map((row) => Object.fromEntries(returns.map((key) => [key, row[key] ?? null])));
}

function matches(row: Row, filter: Filter): boolean {
  const value = filter.field
    .split('.')
    .reduce<Json | undefined>((inner, key) => (inner as Row | null | undefined)?.[key], row);
  return EXPRESSIONS[filter.expression]?.(String(value ?? ''), filter) ?? false;
}

const EXPRESSIONS: Readonly<Record<string, (value: string, filter: Filter) => boolean>> = {
  eq: (value, f) => value === String(f.value),
  ne: (value, f) => value !== String(f.value),
  in: (value, f) => (f.values ?? []).map(String).includes(value),
  not_in: (value, f) => !(f.values ?? []).map(String).includes(value),
  rlike: (value, f) => new RegExp(`^(?:${String(f.value)})$`).test(value),
};
