import { cbor, tag } from '@smithy/core/cbor';

/** A point in time inside a CBOR answer, from epoch seconds. */
export const cborTime = (epochSeconds: number): unknown => tag({ tag: 1, value: epochSeconds });

export function encodeCbor(value: unknown): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(cbor.serialize(value));
}

/** Decodes a body; times become epoch seconds. */
export function decodeCbor(body: Uint8Array): unknown {
  return plain(cbor.deserialize(body));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? Number(value) : value;
  if ('tag' in value && 'value' in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
}
