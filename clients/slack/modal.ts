import { z } from 'zod';
import { REJECT_MODAL } from '../../providers/chat/slack/buttons.ts';
import { slackCall } from '../../providers/chat/slack/client.ts';
import type { SlackClients } from '../../providers/chat/slack/posting.ts';
import type { ModalMetadata, Press } from './press.ts';

export const REASON_MIN = 5;
export const REASON_MAX = 1000;

/** Asks for the reason of a rejection. Returns why the form could not be shown, or null. Slack allows three seconds. */
export async function openRejectForm(clients: SlackClients, press: Press): Promise<string | null> {
  if (!press.value || !press.at) return 'the message is not known';
  const metadata: ModalMetadata = { approvalId: press.value.approvalId, ...press.at };
  try {
    await slackCall('views.open', z.looseObject({ ok: z.literal(true) }), () =>
      clients.write.views.open({
        trigger_id: press.triggerId,
        view: {
          type: 'modal',
          callback_id: REJECT_MODAL,
          private_metadata: JSON.stringify(metadata),
          title: { type: 'plain_text', text: 'Reject this change' },
          submit: { type: 'plain_text', text: 'Reject' },
          close: { type: 'plain_text', text: 'Cancel' },
          blocks: [
            {
              type: 'section',
              text: {
                type: 'plain_text',
                text: 'Nothing will be changed. Idlewise remembers the reason and leaves the asset alone.',
              },
            },
            {
              type: 'input',
              block_id: 'reason',
              label: { type: 'plain_text', text: 'Why not?' },
              hint: { type: 'plain_text', text: 'Kept in the audit trail and in the ticket.' },
              element: {
                type: 'plain_text_input',
                action_id: 'text',
                multiline: true,
                min_length: REASON_MIN,
                max_length: REASON_MAX,
              },
            },
          ],
        },
      }),
    );
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What is wrong with a reason, for the form itself; null when it will do. */
export function reasonProblem(reason: string | null): string | null {
  const length = reason?.length ?? 0;
  if (length < REASON_MIN) return `Please give a reason of at least ${REASON_MIN} characters.`;
  return length > REASON_MAX ? `Please keep it under ${REASON_MAX} characters.` : null;
}
