import type { Field, Shape } from './shapes.ts';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** A protobuf message as the object that OTLP's JSON would be. @throws RangeError when the bytes end early or make no sense */
export function decodeMessage(bytes: Buffer, shape: Shape): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = Number(varint(reader));
    const field = shape[tag >>> 3];
    const raw = readRaw(reader, tag & 7);
    if (!field) continue;
    const value = valueOf(raw, field);
    const before = out[field.name];
    if (field.many && Array.isArray(before)) before.push(value);
    else out[field.name] = field.many ? [value] : value;
  }
  return out;
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function varint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes.readUInt8(reader.at++);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw new RangeError('a varint is longer than ten bytes');
}

function readRaw(reader: Reader, wire: number): bigint | Buffer {
  if (wire === VARINT) return varint(reader);
  const length = wire === FIXED64 ? 8 : wire === FIXED32 ? 4 : wire === BYTES ? Number(varint(reader)) : -1;
  const end = reader.at + length;
  if (length < 0 || end > reader.bytes.length) throw new RangeError('a field goes beyond the end');
  const raw = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return raw;
}

function valueOf(raw: bigint | Buffer, field: Field): unknown {
  if (typeof raw === 'bigint') return field.as === 'bool' ? raw !== 0n : String(BigInt.asIntN(64, raw));
  switch (field.as) {
    case 'text':
      return raw.toString();
    case 'bytes':
      return raw.toString('base64');
    case 'fixed64':
      return String(raw.readBigUInt64LE());
    case 'sfixed64':
      return String(raw.readBigInt64LE());
    case 'double':
      return raw.readDoubleLE();
    case 'message':
      return decodeMessage(raw, field.shape?.() ?? {});
    case 'bool':
    case 'int':
      throw new RangeError(`field ${field.name} is not a varint`);
  }
}
