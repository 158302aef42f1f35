import { z } from 'zod';

/** People who set or removed tags of an asset. `known` is false where somebody did whom nobody can name, or the log was not read. */
export const TagSetters = z.object({ known: z.boolean(), subjects: z.array(z.string()).readonly() });
export type TagSetters = z.infer<typeof TagSetters>;
