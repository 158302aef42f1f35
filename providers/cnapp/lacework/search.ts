import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { Call, LaceworkClient } from './client.ts';
import { failure } from './errors.ts';
import { readAll } from './paging.ts';

/** The longest time one search may span. */
const WEEK = 7 * 86_400_000;

export interface Filter {
  readonly field: string;
  readonly expression: 'eq' | 'ne' | 'in' | 'rlike';
  readonly value?: string;
  readonly values?: readonly string[];
}

/** Epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Search {
  /** e.g. `Alerts/search`. */
  readonly path: string;
  readonly permission: string;
  readonly span: Span;
  readonly filters: readonly Filter[];
  /** `csp`, `dataset`, `returns`: what only some searches take. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The request of a search. Only keys the API knows are sent: it refuses others. */
export function searchCall({ path, permission, span, filters, more }: Search): Call {
  if (span.to - span.from > WEEK)
    throw failure(path, Kind.Terminal, 'a search spans at most 7 days; check cnapp.lacework.window');
  const timeFilter = { startTime: stamp(span.from), endTime: stamp(span.to) };
  return { method: 'POST', path, permission, body: { ...more, timeFilter, ...(filters.length > 0 && { filters }) } };
}

/** Every row of a search, over all its pages. */
export async function searchAll(client: LaceworkClient, search: Search, maxPages: number): Promise<unknown[]> {
  return readAll(client, searchCall(search), maxPages);
}

/** A long span cut into those a search may have, the newest first. */
export function weeksOf(span: Span): readonly Span[] {
  const weeks: Span[] = [];
  for (let to = span.to; to > span.from; to -= WEEK) weeks.push({ from: Math.max(span.from, to - WEEK), to });
  return weeks;
}

function stamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
