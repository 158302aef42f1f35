import type { MetricWindow } from '../../../ports/utilisation.ts';

/** The periods of a window, from its start; a source's datapoints are put into them. */
export interface Grid {
  readonly startMs: number;
  readonly periodMs: number;
  readonly length: number;
}

export function gridOf(window: Pick<MetricWindow, 'start' | 'end' | 'periodSeconds'>): Grid {
  const startMs = Date.parse(window.start);
  const periodMs = window.periodSeconds * 1000;
  return { startMs, periodMs, length: Math.max(0, Math.ceil((Date.parse(window.end) - startMs) / periodMs)) };
}

/** One value a period; null is "nothing was told", which is never taken for zero. */
export function emptyValues(grid: Grid): (number | null)[] {
  return Array.from({ length: grid.length }, () => null);
}

/** A finite number, also where 64 bits are sent as text; null for anything else. */
export function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
