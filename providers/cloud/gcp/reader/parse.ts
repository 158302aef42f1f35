import { z } from 'zod';
export { Tags as Labels } from '../../../tags.ts';
import { ProviderError, ProviderErrorKind } from '../../../../ports/errors.ts';
import { parseRow, RowError } from '../../../rows.ts';

/** Absent and null are one: not known. */
export const OptionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? null);
export const OptionalFlag = z
  .boolean()
  .nullish()
  .transform((b) => b ?? null);
/** Google writes 64-bit numbers as text. */
export const Whole = z.union([z.number(), z.string().regex(/^\d+$/)]).transform(Number);
export const OptionalWhole = Whole.nullish().transform((n) => n ?? null);
/** Compute Engine writes times with the offset of its own offices. */
export const Instant = z
  .string()
  .refine((at) => !Number.isNaN(Date.parse(at)), { error: 'is no time' })
  .transform((at) => new Date(at).toISOString());

/** @throws RowError naming the field, what was found and the fix */
export function parseGoogle<T extends z.ZodType>(schema: T, value: unknown, operation: string): z.output<T> {
  return parseRow(schema, value, { provider: 'gcp', operation });
}

/** A row that has the right shape and says something nobody knows. */
export function unknownWord(operation: string, field: string, found: unknown): RowError {
  const fix = 'is not a word this version knows; nothing is done to it';
  return new RowError({ provider: 'gcp', operation }, { field, found, fix });
}

export function malformed(operation: string, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.Malformed, provider: 'gcp', operation, message });
}
