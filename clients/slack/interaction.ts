import { z } from 'zod';
import { decodeButton, REJECT_MODAL } from '../../providers/chat/slack/buttons.ts';
import type { Admitted, Interaction } from '../chat/interaction.ts';

export interface SlackInteraction extends Interaction {
  readonly appId: string;
  /** Workspace of the interaction, and of the person when Slack says. */
  readonly teamIds: readonly string[];
  readonly triggerId: string;
  readonly responseUrl: string | null;
}

const Common = z.looseObject({
  api_app_id: z.string(),
  team: z.looseObject({ id: z.string() }).nullable(),
  user: z.looseObject({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string().default(''),
});

const BlockActions = Common.extend({
  container: z.looseObject({ message_ts: z.string().optional(), channel_id: z.string().optional() }),
  channel: z.looseObject({ id: z.string() }).optional(),
  /** Without a time where only the person sees it; the container says it as well. */
  message: z.looseObject({ ts: z.string().optional() }).optional(),
  response_url: z.string().optional(),
  actions: z.array(z.looseObject({ action_id: z.string(), value: z.string().optional() })).min(1),
});

const ViewSubmission = Common.extend({
  view: z.looseObject({
    callback_id: z.literal(REJECT_MODAL),
    private_metadata: z.string(),
    state: z.looseObject({
      values: z.looseObject({ reason: z.looseObject({ text: z.looseObject({ value: z.string().nullable() }) }) }),
    }),
  }),
});

/** Carried by the modal so that its answer is about the same request. */
export const ModalMetadata = z.object({
  approvalId: z.string().min(1),
  channel: z.string(),
  messageTs: z.string(),
});
export type ModalMetadata = z.infer<typeof ModalMetadata>;

/** @throws ZodError when the payload is not what Slack documents. */
export function readButtonInteraction(body: unknown, admitted: Admitted): SlackInteraction {
  const payload = BlockActions.parse(body);
  const channel = payload.channel?.id ?? payload.container.channel_id;
  const messageTs = payload.message?.ts ?? payload.container.message_ts;
  return {
    ...common(payload, admitted),
    value: decodeButton(payload.actions[0]?.value),
    reason: null,
    at: channel && messageTs ? { channel, messageTs } : null,
    responseUrl: payload.response_url ?? null,
  };
}

/** @throws ZodError when the payload is not what Slack documents. */
export function readRejectForm(body: unknown, admitted: Admitted): SlackInteraction {
  const payload = ViewSubmission.parse(body);
  const metadata = ModalMetadata.safeParse(parseJson(payload.view.private_metadata));
  const { approvalId, ...at } = metadata.data ?? { approvalId: '', channel: '', messageTs: '' };
  return {
    ...common(payload, admitted),
    value: metadata.success ? { kind: 'reject', approvalId } : null,
    reason: payload.view.state.values.reason.text.value?.trim() ?? '',
    at: metadata.success ? at : null,
    responseUrl: null,
  };
}

function common(payload: z.infer<typeof Common>, admitted: Admitted) {
  const teamId = payload.team?.id ?? '';
  return {
    appId: payload.api_app_id,
    teamIds: [teamId, ...(payload.user.team_id === undefined ? [] : [payload.user.team_id])],
    origin: { teamId },
    userId: payload.user.id,
    triggerId: payload.trigger_id,
    requestHash: admitted.requestHash,
    delivery: admitted.delivery,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
