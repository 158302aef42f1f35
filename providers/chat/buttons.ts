import { z } from 'zod';
import { ActionName } from '../../schemas/option.ts';

const DAY = 86_400_000;
/** What a person may choose; a number from the wire is never taken as a duration. */
export const SNOOZES = {
  '1d': { label: '1 day', ms: DAY },
  '1w': { label: '1 week', ms: 7 * DAY },
  '1m': { label: '1 month', ms: 30 * DAY },
} as const;
export const SnoozeCode = z.enum(['1d', '1w', '1m']);
export type SnoozeCode = z.infer<typeof SnoozeCode>;

/** Characters the reason of a rejection has. */
export const REASON = { min: 5, max: 1000 } as const;

/** Digits of the plan digest a button carries: enough to tell an old message from the present plan. */
const PREFIX = 16;
export const digestPrefix = (planDigest: string): string => planDigest.slice(0, PREFIX);

/**
 * What a button carries: an opaque id, and what the person saw. None of it is authority; the store says what the id
 * means, and the interaction counts only when both agree.
 */
export const ButtonValue = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('approve'),
    approvalId: z.string().min(1),
    optionId: ActionName,
    digest: z.string().length(PREFIX),
  }),
  z.object({ kind: z.literal('reject'), approvalId: z.string().min(1) }),
  z.object({ kind: z.literal('snooze'), approvalId: z.string().min(1), code: SnoozeCode }),
]);
export type ButtonValue = z.infer<typeof ButtonValue>;
