import { type Document, documentOf } from './fields.ts';

/** By which an asset may be named in an alert. All texts in lower case. */
export interface AssetNames {
  /** Asset key, URN, resource id, instance id: each means this asset and no other. */
  readonly ids: ReadonlySet<string>;
  /** The vendor's number of the machine. Only numbers inside `Machine` entities are such numbers. */
  readonly mid: string | null;
  readonly hostname: string | null;
}

/** What one alert is about: every text of its entities, and the numbers of the machines among them. */
export interface Entities {
  readonly texts: ReadonlySet<string>;
  readonly mids: ReadonlySet<string>;
}

/** The entity map of an alert's details. Its shape differs by kind of alert, so every value in it is looked at. */
export function entitiesOf(entityMap: unknown): Entities {
  const texts = new Set<string>();
  const mids = new Set<string>();
  const visit = (value: unknown, machine: boolean, key: string): void => {
    if (typeof value === 'string') texts.add(value.toLowerCase());
    if (machine && /^mid$/i.test(key) && (typeof value === 'string' || typeof value === 'number'))
      mids.add(String(value));
    if (Array.isArray(value)) for (const item of value) visit(item, machine, key);
    else for (const [inner, item] of Object.entries(documentOf(value) ?? {})) visit(item, machine, inner);
  };
  const map: Document = documentOf(entityMap) ?? {};
  for (const [kind, value] of Object.entries(map)) visit(value, /machine/i.test(kind), kind);
  return { texts, mids };
}

export function concerns(entities: Entities, names: AssetNames): boolean {
  if (names.mid !== null && entities.mids.has(names.mid)) return true;
  if (names.hostname !== null && entities.texts.has(names.hostname)) return true;
  return [...names.ids].some((id) => entities.texts.has(id));
}

/** Whether a text names the asset: its ids anywhere as whole words, the host name only as one. */
export function mentions(words: string, names: AssetNames): boolean {
  const all = [...names.ids, ...(names.hostname === null ? [] : [names.hostname])];
  return all.some((name) => hasWord(words, name));
}

/** `web-1` is in "on web-1." and not in "on web-10" or "web-1.example.com". */
function hasWord(text: string, word: string): boolean {
  for (let from = text.indexOf(word); from >= 0; from = text.indexOf(word, from + 1)) {
    const before = text.charAt(from - 1);
    const after = text.slice(from + word.length, from + word.length + 2);
    if (!/[\w.-]/.test(before) && !/^([\w-]|[./]\w)/.test(after)) return true;
  }
  return false;
}
