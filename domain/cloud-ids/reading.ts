/** What a text was read as, or why it was not: a shape nobody taught us is refused, never guessed. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly found: string; readonly reason: string };

export function read<T>(value: T): Reading<T> {
  return { ok: true, value };
}

/** `found` is cut to what fits into a report; `reason` says what was expected, as the end of a sentence. */
export function refuse(found: string, reason: string): Reading<never> {
  return { ok: false, found: found.slice(0, 200), reason };
}

/** The value, or null where the reason does not matter. */
export function valueOf<T>(reading: Reading<T>): T | null {
  return reading.ok ? reading.value : null;
}
