import { z } from 'zod';

/** Values of one object by key, without the `{value: …}` the vendor wraps each of them in. */
export type Values = Readonly<Record<string, unknown>>;

export function unwrap(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? (value as { value: unknown }).value : value;
}

export function valuesOf(data: Readonly<Record<string, unknown>> | null | undefined): Values {
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, unwrap(value)]));
}

/** One object of the serving layer. With `flat_json` the keys stand beside `id` and there is no `data`. */
const Node = z.looseObject({
  id: z.string().nullish().catch(null),
  name: z.string().nullish().catch(null),
  type: z.string().nullish().catch(null),
  asset_unique_id: z.string().nullish().catch(null),
  data: z.record(z.string(), z.unknown()).nullish().catch(null),
});

export interface Row {
  readonly id: string | null;
  readonly name: string | null;
  readonly type: string | null;
  readonly assetUniqueId: string | null;
  readonly values: Values;
}

/** A row of an answer, or null when it is no object at all. Fields stay unread. */
export function rowOf(node: unknown): Row | null {
  const parsed = Node.safeParse(node);
  if (!parsed.success) return null;
  const { id, name, type, asset_unique_id, data, ...beside } = parsed.data;
  const values = valuesOf({ ...beside, ...data });
  return {
    id: id ?? null,
    name: name ?? text(values['Name']),
    type: type ?? text(values['Type']),
    assetUniqueId: asset_unique_id ?? text(values['AssetUniqueId']),
    values,
  };
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The text members of a list; anything else is no list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** True, false, and the words for them; null when it says neither. */
export function flag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  if (/^(true|yes)$/i.test(value)) return true;
  return /^(false|no)$/i.test(value) ? false : null;
}

const Iso = z.iso.datetime({ offset: true });

/** An instant in UTC milliseconds, or null. */
export function instant(value: unknown): string | null {
  const parsed = Iso.safeParse(value);
  return parsed.success ? new Date(parsed.data).toISOString() : null;
}
