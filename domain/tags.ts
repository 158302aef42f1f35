import { type Reading, read, refuse } from './cloud-ids/reading.ts';

/** Names under which lists of pairs are sent: AWS, most others, Azure's cost queries, inventories. */
const KEYS = ['key', 'tagkey', 'tag_key', 'name', 'k'];
const VALUES = ['value', 'tagvalue', 'tag_value', 'v'];
/** Text inside text inside text is a mistake of somebody's export; deeper is none we know. */
const DEEPEST = 3;

/**
 * Tags or labels as plain texts by name, from every wrapping in which they are sent: an object; a list of `{Key, Value}` or
 * `{key, value}`; a map; a list of texts (`Name: web`, `env=dev`); JSON inside text; Azure's `"a":"b","c":"d"` without braces;
 * `{a=b, c=d}` as SQL engines print a map. Absent is no tags. What cannot be read whole is refused: tags keep assets from being
 * touched, and half of them is worse than none.
 *
 * Adapters that use zod take `Tags` of providers/tags.ts, which is this.
 */
export function readTags(value: unknown): Reading<Record<string, string>> {
  const entries = entriesOf(value, DEEPEST);
  if (entries === null)
    return refuse(shown(value), 'must be tags: an object of texts, a list of {key, value}, or JSON of either');
  const tags = new Map<string, string>();
  for (const [name, text] of entries) {
    const key = name.trim();
    // One platform writes "no tags" as one tag without a name.
    if (key === '' && text === '') continue;
    if ((tags.get(key) ?? text) !== text)
      return refuse(shown(value), `must not say two values for the tag ${JSON.stringify(key)}`);
    tags.set(key, text);
  }
  return read(Object.fromEntries(tags));
}

type Entries = readonly (readonly [key: string, value: string])[];

function entriesOf(value: unknown, depth: number): Entries | null {
  if (value === null || value === undefined) return [];
  if (depth === 0) return null;
  if (typeof value === 'string') return entriesOfText(value.trim(), depth);
  if (Array.isArray(value)) return all(value.map(pairOf));
  if (value instanceof Map) return all([...(value as Map<unknown, unknown>)].map(([k, v]) => entry(k, v)));
  if (typeof value !== 'object') return null;
  const own = Object.entries(value);
  // A field that is itself wrapped: {"value": {…}}.
  const [only] = own;
  if (own.length === 1 && only?.[0].toLowerCase() === 'value' && typeof only[1] === 'object')
    return entriesOf(only[1], depth - 1);
  return all(own.map(([k, v]) => entry(k, v)));
}

function entriesOfText(text: string, depth: number): Entries | null {
  if (/^(|null|none|\{\}|\[\])$/i.test(text)) return [];
  const json = jsonOf(text) ?? (text.startsWith('"') ? jsonOf(`{${text.replace(/,\s*$/, '')}}`) : undefined);
  if (json !== undefined)
    return typeof json === 'object' || typeof json === 'string' ? entriesOf(json, depth - 1) : null;
  const [, map] = /^\{(.*)\}$/s.exec(text) ?? [];
  const parts = (map ?? text).split(map === undefined ? /\s*[;,|]\s*/ : /,\s+/).filter((part) => part !== '');
  return parts.every((part) => part.includes('=') && !/[{}"]/.test(part)) ? all(parts.map(pairOf)) : null;
}

/** One element of a list: a pair under any of its names, or a text that holds both. */
function pairOf(element: unknown): readonly [string, string] | null {
  if (typeof element === 'string') {
    const [key = '', ...rest] = element.split(SEPARATORS.find((mark) => element.includes(mark)) ?? '\n');
    return [key.trim(), rest.join(element.includes(': ') ? ': ' : '=').trim()];
  }
  if (Array.isArray(element)) return element.length === 2 ? entry(element[0], element[1]) : null;
  if (typeof element !== 'object' || element === null) return null;
  const by = new Map(Object.entries(element).map(([name, value]) => [name.toLowerCase(), value as unknown]));
  const key = KEYS.find((name) => typeof by.get(name) === 'string');
  const value = VALUES.find((name) => by.has(name));
  return key === undefined ? null : entry(by.get(key), value === undefined ? null : by.get(value));
}

/** A name may hold a colon (`aws:createdBy`), so a bare one separates nothing. */
const SEPARATORS = [': ', '='];

function entry(key: unknown, value: unknown): readonly [string, string] | null {
  if (typeof key !== 'string') return null;
  if (value === null || value === undefined) return [key, ''];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [key, String(value)]
    : null;
}

function all(entries: readonly (readonly [string, string] | null)[]): Entries | null {
  return entries.every((found) => found !== null) ? entries : null;
}

function jsonOf(text: string): unknown {
  if (!/^[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}
