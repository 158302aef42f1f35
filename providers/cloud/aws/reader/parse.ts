import { z } from 'zod';
export { Tags } from '../../../tags.ts';
import { ProviderError, ProviderErrorKind } from '../../../../ports/errors.ts';

/** SDK timestamps are Date objects; ours are ISO text. */
export const Instant = z.date().transform((d) => d.toISOString());

/** EC2 answers some absent values as empty text. */
export const OptionalText = z
  .string()
  .nullish()
  .transform((text) => text || null);

/** Parses one piece of a vendor answer. Throws a malformed ProviderError naming the field, what was found and the fix. */
export function parseAws<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: 'aws',
    operation: where,
    message: `field ${issue?.path.join('.') || '(root)'}: ${issue?.message}; the answer does not have the documented shape, compare the API version`,
  });
}
