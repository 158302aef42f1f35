import { z } from 'zod';
import { ActionName } from '../../../schemas/option.ts';

/** Everything with this prefix is a verdict; the Slack app listens to it with one expression. */
export const VERDICT_ACTION = /^opt_/;
/** Buttons that only open a link still send an event, which wants an answer. */
export const LINK_ACTION = /^link_/;
export const REJECT_ACTION = 'opt_reject';
export const REJECT_MODAL = 'idlewise_reject';

export const approveAction = (optionId: ActionName): string => `opt_approve_${optionId}`;
export const snoozeAction = (code: string): string => `opt_snooze_${code}`;

const DAY = 86_400_000;
/** What a person may choose; a number from the wire is never taken as a duration. */
export const SNOOZES = {
  '1d': { label: '1 day', ms: DAY },
  '1w': { label: '1 week', ms: 7 * DAY },
  '1m': { label: '1 month', ms: 30 * DAY },
} as const;
export const SnoozeCode = z.enum(['1d', '1w', '1m']);
export type SnoozeCode = z.infer<typeof SnoozeCode>;

/** Digits of the plan digest a button carries: enough to tell an old message from the present plan. */
const PREFIX = 16;
export const digestPrefix = (planDigest: string): string => planDigest.slice(0, PREFIX);

/**
 * What a button carries: an opaque id, and what the person saw. None of it is authority; the store says what the id
 * means, and the press counts only when both agree.
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

export function encodeButton(value: ButtonValue): string {
  return JSON.stringify(value);
}

/** Null for anything that is not exactly one of ours. */
export function decodeButton(text: string | undefined): ButtonValue | null {
  try {
    const parsed = ButtonValue.safeParse(JSON.parse(text ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
