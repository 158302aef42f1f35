import type { Attributes } from '../schemas/asset.ts';

/** Deeper than this is detail nobody judges by. */
const DEPTH = 4;
const MOST = 200;
const LONGEST = 256;

/**
 * A raw configuration (the JSON a cloud's describe call gives, as CNAPPs keep it) as one flat record. Keys are joined by
 * dots with the first letter of each part in lower case, so that `InstanceType` and `instanceType` are one; a list becomes
 * `name.count`, and the attributes of its first element. Long text is cut, the rest of a huge document is left out.
 */
export function flattenConfiguration(raw: unknown): Attributes {
  const flat: Attributes = {};
  add(flat, '', raw, 0);
  return flat;
}

function add(flat: Attributes, key: string, value: unknown, depth: number): void {
  if (Object.keys(flat).length >= MOST) return;
  if (value === null || typeof value === 'boolean') flat[key] = value;
  else if (typeof value === 'number') flat[key] = Number.isFinite(value) ? value : null;
  else if (typeof value === 'string') flat[key] = value.slice(0, LONGEST);
  else if (Array.isArray(value)) {
    flat[`${key}.count`] = value.length;
    if (depth < DEPTH && typeof value[0] === 'object') add(flat, key, value[0], depth + 1);
  } else if (typeof value === 'object' && depth < DEPTH) {
    for (const [name, inner] of Object.entries(value)) {
      const part = name.charAt(0).toLowerCase() + name.slice(1);
      add(flat, key === '' ? part : `${key}.${part}`, inner, depth + 1);
    }
  }
}
