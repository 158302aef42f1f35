/**
 * A field of a raw configuration. Prisma keeps the names of the cloud's SDK in other capitals (`dbinstanceArn`), and some
 * clouds' nested names as one key with dots (`properties.osProfile`), so both are looked for.
 */
export function field(raw: unknown, path: string): unknown {
  return find(raw, path.toLowerCase().split('.'));
}

function find(value: unknown, parts: readonly string[]): unknown {
  if (parts.length === 0) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (let taken = 1; taken <= parts.length; taken++) {
    const name = parts.slice(0, taken).join('.');
    for (const [key, inner] of Object.entries(value)) {
      if (key.toLowerCase() !== name) continue;
      const found = find(inner, parts.slice(taken));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The same, of Azure: with and without the envelope `properties`. */
export function azureField(raw: unknown, path: string): unknown {
  return field(raw, `properties.${path}`) ?? field(raw, path);
}

/** Text of a field, or null. */
export function textField(raw: unknown, path: string): string | null {
  const value = field(raw, path);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** True for a list with rows, a text, an object; false for null, an empty list or text; null when nothing is said. */
export function isFilled(value: unknown): boolean | null {
  if (value === undefined) return null;
  if (value === null || value === '') return false;
  return Array.isArray(value) ? value.length > 0 : true;
}
