import { z } from 'zod';

const ISO_FIX = 'must be an ISO-8601 instant, or absent';
/** Instants of the vendor carry an offset, microseconds or nothing at all; ours are UTC milliseconds. */
export const Instant = z
  .string({ error: ISO_FIX })
  .nullish()
  .transform((text, context) => {
    if (text === undefined || text === null || text === '') return null;
    const at = Date.parse(text);
    if (/^\d{4}-\d\d-\d\dT/.test(text) && Number.isFinite(at)) return new Date(at).toISOString();
    context.addIssue({ code: 'custom', message: ISO_FIX });
    return z.NEVER;
  });

/** A field that says nothing when it is not as promised. */
export const Text = z.string().nullish().catch(null);
export const When = Instant.catch(null);
export const Document = z.record(z.string(), z.unknown());
export type Document = z.infer<typeof Document>;

/** Cloud configuration is an object, and in some collections the same as JSON text. */
export function documentOf(value: unknown): Document | null {
  if (typeof value !== 'string') return Document.safeParse(value).data ?? null;
  try {
    return Document.safeParse(JSON.parse(value)).data ?? null;
  } catch {
    return null;
  }
}

/** The value at a dotted path; undefined when any step is missing. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => Document.safeParse(inner).data?.[key], value);
}

/** Text at a path; numbers count as text, since ids are sent as either. Null when it is neither. */
export function textAt(value: unknown, path: string): string | null {
  const found = at(value, path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** A list at a path; empty when there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

/** `Yes`, `Public` and `true` are yes; `No`, `Private` and `false` are no; anything else is not known. */
export function yesOrNo(value: unknown): boolean | null {
  const word = String(value).toLowerCase();
  if (word === 'yes' || word === 'public' || word === 'true') return true;
  return word === 'no' || word === 'private' || word === 'false' ? false : null;
}

/** True when any says yes; "no" needs at least one answer. */
export function anyOf(...flags: readonly (boolean | null | undefined)[]): boolean | null {
  if (flags.includes(true)) return true;
  return flags.includes(false) ? false : null;
}

/** OCSF severity_id by the vendor's word, or by its number from 1 (critical) to 5 (info). */
export function severityOf(value: unknown): number {
  const known: Readonly<Record<string, number>> = {
    critical: 5,
    high: 4,
    medium: 3,
    low: 2,
    info: 1,
    '1': 5,
    '2': 4,
    '3': 3,
    '4': 2,
    '5': 1,
  };
  return known[String(value).toLowerCase()] ?? 0;
}
