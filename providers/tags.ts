import { z } from 'zod';
import { readTags } from '../domain/tags.ts';

/** Tags in any wrapping, as a zod schema; an absent field is no tags. See `readTags` for the wrappings. */
export const Tags = z
  .unknown()
  .optional()
  .transform((value, context) => {
    const tags = readTags(value);
    if (tags.ok) return tags.value;
    context.addIssue({ code: 'custom', message: tags.reason });
    return z.NEVER;
  });
