import type { ActionName } from '../../../schemas/option.ts';
import { ButtonValue } from '../buttons.ts';

/** Everything with this prefix is a verdict; the Slack app listens to it with one expression. */
export const VERDICT_ACTION = /^opt_/;
/** Buttons that only open a link still send an event, which wants an answer. */
export const LINK_ACTION = /^link_/;
export const REJECT_ACTION = 'opt_reject';
export const REJECT_MODAL = 'idlewise_reject';

export const approveAction = (optionId: ActionName): string => `opt_approve_${optionId}`;
export const snoozeAction = (code: string): string => `opt_snooze_${code}`;

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
