import { z } from 'zod';
export { Tags } from '../../../tags.ts';
import { ProviderError, ProviderErrorKind } from '../../../../ports/errors.ts';

/** Absent and null are one: not known. */
export const OptionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? null);
export const OptionalNumber = z
  .number()
  .nullish()
  .transform((n) => n ?? null);
export const OptionalFlag = z
  .boolean()
  .nullish()
  .transform((b) => b ?? null);
/** The clients turn times into dates; a plain read leaves them as text. */
export const Instant = z
  .union([z.date(), z.string()])
  .transform((at) => new Date(at))
  .refine((at) => !Number.isNaN(at.getTime()), { error: 'is no time' })
  .transform((at) => at.toISOString());
export const SubResource = z.object({ id: z.string() });

/** @throws ProviderError malformed, naming the field */
export function parseAzure<T extends z.ZodType>(schema: T, value: unknown, operation: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(operation, `${issue?.path.join('.') || 'the answer'} ${issue?.message ?? 'is not as promised'}`);
}

export function malformed(operation: string, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.Malformed, provider: 'azure', operation, message });
}
