import { list } from './blocks.ts';
import type { MethodContext } from './methods.ts';
import type { JsonObject, OpenView, SlackUserSeed, StoredMessage } from './types.ts';
import { messageView } from './world.ts';

export interface Interaction {
  readonly message: StoredMessage;
  readonly user: SlackUserSeed;
  readonly element: JsonObject;
  readonly blockId: string;
  readonly value: string | null;
  readonly responseUrl: string;
}

/** The `block_actions` payload of one pressed button or chosen menu entry. */
export function blockActionsPayload(interaction: Interaction, context: MethodContext): JsonObject {
  const { message, user, element } = interaction;
  const chosen = list(element.options).find((o) => o.value === interaction.value);
  return {
    ...envelope('block_actions', user, context),
    container: { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: false },
    trigger_id: context.tokens.issueTrigger(user.id),
    channel: { id: message.channel, name: context.world.channelName(message.channel) },
    message: messageView(message, context.workspace),
    state: { values: {} },
    response_url: interaction.responseUrl,
    actions: [
      {
        type: element.type ?? 'button',
        block_id: interaction.blockId,
        action_id: element.action_id ?? '',
        action_ts: context.world.nextTs(),
        ...(element.type === 'static_select'
          ? { selected_option: chosen ?? { text: { type: 'plain_text', text: '?' }, value: interaction.value ?? '' } }
          : { text: element.text ?? null, ...(interaction.value === null ? {} : { value: interaction.value }) }),
      },
    ],
  };
}

/** The `view_submission` payload of one modal. `values` is keyed by block id; every input has one element. */
export function viewSubmissionPayload(
  open: OpenView,
  submit: { user: SlackUserSeed; values: Record<string, string> },
  context: MethodContext,
): JsonObject {
  const values: JsonObject = {};
  for (const block of list(open.view.blocks)) {
    if (block.type !== 'input' || typeof block.block_id !== 'string') continue;
    const element = block.element as JsonObject;
    values[block.block_id] = {
      [String(element.action_id)]: {
        type: element.type ?? 'plain_text_input',
        value: submit.values[block.block_id] ?? null,
      },
    };
  }
  return {
    ...envelope('view_submission', submit.user, context),
    trigger_id: context.tokens.issueTrigger(submit.user.id),
    view: { ...open.view, state: { values } },
    response_urls: [],
  };
}

function envelope(type: string, user: SlackUserSeed, { workspace }: MethodContext): JsonObject {
  return {
    type,
    team: { id: user.teamId ?? workspace.teamId, domain: workspace.teamDomain },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: user.id, username: user.handle, name: user.handle, team_id: user.teamId ?? workspace.teamId },
    api_app_id: workspace.appId,
    token: 'deprecated-never-trust',
  };
}
