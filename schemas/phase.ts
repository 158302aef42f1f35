import { z } from 'zod';

/** How far Idlewise may go in an account. */
export const Phase = z.enum(['observe', 'approve', 'automate']);
export type Phase = z.infer<typeof Phase>;
