import type { ActionName } from '../../../schemas/option.ts';
import type { DemoScript } from '../types.ts';

type Step = DemoScript['steps'][number];

/** A person (or two) approves; `before` is what happens behind Idlewise's back first. */
export function approves(
  optionId: ActionName,
  by: readonly string[],
  twist: { readonly expected: string; readonly before?: readonly Step[] } = { expected: 'remediated' },
): DemoScript {
  return { steps: [...(twist.before ?? []), { do: 'approve', optionId, by }], expected: twist.expected };
}

export const rejects = (by: string, reason: string): DemoScript => ({
  steps: [{ do: 'reject', by, reason }],
  expected: 'rejected',
});

export const ignored: DemoScript = { steps: [{ do: 'ignore' }], expected: 'expired' };

export const snoozes = (by: string): DemoScript => ({ steps: [{ do: 'snooze', hours: 24, by }], expected: 'snoozed' });

/** Policy approves: nobody presses anything. */
export const automatic: DemoScript = { steps: [], expected: 'remediated' };
