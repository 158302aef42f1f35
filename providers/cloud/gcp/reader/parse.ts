import { z } from 'zod';
export { Tags as Labels } from '../../../tags.ts';
import { ProviderError, ProviderErrorKind } from '../../../../ports/errors.ts';

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

/** @throws ProviderError malformed, naming the field */
export function parseGoogle<T extends z.ZodType>(schema: T, value: unknown, operation: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(operation, `${issue?.path.join('.') || 'the answer'} ${issue?.message ?? 'is not as promised'}`);
}

export function malformed(operation: string, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.Malformed, provider: 'gcp', operation, message });
}
