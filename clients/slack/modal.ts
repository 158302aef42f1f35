import { z } from 'zod';
import { REASON } from '../../providers/chat/buttons.ts';
import { REASON_HINT, REASON_LABEL, REJECT_INTRO } from '../../providers/chat/card-words.ts';
import { REJECT_MODAL } from '../../providers/chat/slack/buttons.ts';
import { slackCall } from '../../providers/chat/slack/client.ts';
import type { SlackClients } from '../../providers/chat/slack/posting.ts';
import type { ModalMetadata, SlackInteraction } from './interaction.ts';

/** Asks for the reason of a rejection. Returns why the form could not be shown, or null. Slack allows three seconds. */
export async function openRejectForm(clients: SlackClients, interaction: SlackInteraction): Promise<string | null> {
  if (!interaction.value || !interaction.at) return 'the message is not known';
  const metadata: ModalMetadata = { approvalId: interaction.value.approvalId, ...interaction.at };
  try {
    await slackCall('views.open', z.looseObject({ ok: z.literal(true) }), () =>
      clients.write.views.open({
        trigger_id: interaction.triggerId,
        view: {
          type: 'modal',
          callback_id: REJECT_MODAL,
          private_metadata: JSON.stringify(metadata),
          title: { type: 'plain_text', text: 'Reject this change' },
          submit: { type: 'plain_text', text: 'Reject' },
          close: { type: 'plain_text', text: 'Cancel' },
          blocks: [
            { type: 'section', text: { type: 'plain_text', text: REJECT_INTRO } },
            {
              type: 'input',
              block_id: 'reason',
              label: { type: 'plain_text', text: REASON_LABEL },
              hint: { type: 'plain_text', text: REASON_HINT },
              element: {
                type: 'plain_text_input',
                action_id: 'text',
                multiline: true,
                min_length: REASON.min,
                max_length: REASON.max,
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
