import type { z } from 'zod';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import { storeError } from './errors.ts';

const UNSAFE_KEY = /[%.$\0]|^__proto__$|^$/;

/**
 * Cloud tags and evidence bodies have keys that MongoDB would read as operators or paths (`$where`, `a.b`), and one
 * that JavaScript would read as a prototype. Such keys are percent-escaped on the way in; values are never touched.
 */
export function encode(value: unknown): unknown {
  return mapKeys(value, (key) =>
    UNSAFE_KEY.test(key)
      ? key === ''
        ? '%'
        : key.replace(/[%.$\0]|^__/g, (hit) => hit.replace(/./gs, (c) => `%${hex(c)}`))
      : key,
  );
}

export function decode(value: unknown): unknown {
  return mapKeys(value, (key) =>
    key === '%'
      ? ''
      : key.replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  );
}

/**
 * A caller's id for use in a filter. Types are gone at run time, and `{ $gt: "" }` in place of an id would match
 * every document, so anything but text is refused.
 */
export function key(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw storeError(
    'filter',
    ProviderErrorKind.Terminal,
    `${name} must be text, found ${value === null ? 'null' : typeof value}; pass the id itself`,
  );
}

export interface Place {
  readonly collection: string;
  readonly id: unknown;
}

/** Decodes and checks a stored document. A malformed one is refused with the field named, never passed on. */
export function parse<S extends z.ZodType>(schema: S, raw: unknown, place: Place): z.output<S> {
  const parsed = schema.safeParse(decode(raw));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join('.') || '(document)';
  throw storeError(
    `read ${place.collection}`,
    ProviderErrorKind.Malformed,
    `document ${JSON.stringify(place.id)}: field ${field}: ${issue?.message ?? 'is malformed'}; restore it or delete the document`,
  );
}

function mapKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename));
  if (!isPlain(value)) return value;
  const pairs = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .map(([k, v]) => [rename(k), mapKeys(v, rename)] as const);
  // fromEntries defines own properties, so that even `__proto__` stays data.
  return Object.fromEntries(pairs);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}
