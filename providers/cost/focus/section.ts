import { z } from 'zod';
import { Duration } from '../../../schemas/config-values.ts';

/** Imported FOCUS files: the section `cost.focus`. */
export const FocusFiles = z
  .strictObject({
    /** One file, or a folder as a data export leaves it. */
    path: z.string().min(1),
    /** A bill that ends earlier than this before today says nothing about today. */
    staleAfter: Duration.default(604_800_000),
  })
  .describe('the file or folder to read, focus: { path: … }');
export type FocusFiles = z.infer<typeof FocusFiles>;
