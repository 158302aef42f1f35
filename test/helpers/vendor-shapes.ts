import { readdirSync, readFileSync } from 'node:fs';

/** Keys of a vendor's type, each with what stands under it: a type's name, a plain kind, or anything. */
export type Shape = ReadonlyMap<string, { readonly kind: string; readonly list: boolean }>;
export type ShapeOf = (name: string) => Shape | null;

const modules = new URL('../../node_modules/', import.meta.url);

/** The types of Google's own client, which are made from the discovery document of the API. */
export function googleShapes(api: 'compute' | 'sqladmin', version: string): ShapeOf {
  const text = readFileSync(new URL(`@googleapis/${api}/build/${version}.d.ts`, modules), 'utf8');
  return (name) => {
    const from = text.indexOf(`export interface Schema$${name} {`);
    if (from < 0) return null;
    const block = text.slice(from, text.indexOf('\n    }\n', from));
    const fields = [...block.matchAll(/^ {8}(?<key>\w+)\?: (?<type>.+)$/gm)];
    return new Map(
      fields.map(({ groups: { key = '', type = '' } = {} }) => {
        const plain = type.replace(/;$/, '').replace(/ \| null$/, '');
        return [key, { kind: plain.replace('[]', '').replace(/^Schema\$/, ''), list: plain.endsWith('[]') }];
      }),
    );
  };
}

/** What Azure's own client for Compute reads of each resource, taken from the code with which it reads. */
export function azureComputeShapes(): ShapeOf {
  const folder = new URL('@azure/arm-compute/dist/esm/models/', modules);
  const text = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('models.js'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
  return (name) => {
    const from = text.indexOf(`export function ${name}Deserializer(item) {`);
    if (from < 0) return null;
    const body = text.slice(from, text.indexOf('\n}\n', from));
    const keys = [...body.matchAll(/item\["(?<key>\w+)"\]/g)].map((m) => m.groups?.['key'] ?? '');
    const nested = new Map(
      [...body.matchAll(/(?<reader>\w+)Deserializer\(item\["(?<key>\w+)"\]\)/g)].map((m) => [
        m.groups?.['key'] ?? '',
        m.groups?.['reader'] ?? '',
      ]),
    );
    return new Map(
      keys.map((key) => {
        const reader = nested.get(key) ?? 'any';
        return [key, { kind: reader.replace(/Array$/, ''), list: reader.endsWith('Array') }];
      }),
    );
  };
}

/** Where `value` is not of the vendor's type `name`: a key that it does not have, or a value of another kind. */
export function shapeFaults(shapeOf: ShapeOf, name: string, value: unknown, at = name): string[] {
  const shape = shapeOf(name);
  if (shape === null || typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${at}: no ${name}`];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = `${at}.${key}`;
    const field = shape.get(key);
    if (field === undefined) return [`${here}: ${name} has no such key`];
    if (inner === null || inner === undefined) return [];
    const all = field.list ? inner : [inner];
    if (!Array.isArray(all)) return [`${here}: is no list`];
    return all.flatMap((one: unknown) => kindFaults(shapeOf, field.kind, one, here));
  });
}

function kindFaults(shapeOf: ShapeOf, kind: string, value: unknown, at: string): string[] {
  if (['string', 'number', 'boolean'].includes(kind)) {
    return typeof value === kind ? [] : [`${at}: is ${typeof value}, not ${kind}`];
  }
  // A map of texts, a value whose type the client leaves open, or a type that its code reads in place.
  if (kind === '{' || kind === 'any' || shapeOf(kind) === null) return [];
  return shapeFaults(shapeOf, kind, value, at);
}
