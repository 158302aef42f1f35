export const DAY_MS = 86_400_000;
/** The look-back of a run-rate: what Cost Explorer keeps at resource level, so that it means the same at every source. */
export const WINDOW_DAYS = 14;
export const TREND_DAYS = 90;

/** UTC day of an instant. */
export function dayOf(instant: string | number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** UTC day `days` after this one; negative goes back. */
export function addDays(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * DAY_MS);
}

/** The days before `end`, oldest first, without it. */
export function daysBefore(end: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => addDays(end, i - count));
}
