import { z } from 'zod';
import { parseRow, RowError, type RowFault } from '../../../rows.ts';

export { Tags } from '../../../tags.ts';

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

/** @throws RowError naming the field, what was found and the fix */
export function parseAzure<T extends z.ZodType>(schema: T, value: unknown, operation: string): z.output<T> {
  return parseRow(schema, value, { provider: 'azure', operation });
}

/** A row that has the right shape and says something nobody knows. */
export function unknownWord(operation: string, fault: RowFault): RowError {
  return new RowError({ provider: 'azure', operation }, fault);
}
