import { z } from 'zod';
import { ButtonValue } from '../../providers/chat/buttons.ts';
import type { Admitted, Interaction } from '../chat/interaction.ts';
import { type Activity, baseConversation, tenantsOf } from './activity.ts';
import type { Reply } from './answer.ts';

export interface TeamsInteraction extends Interaction {
  readonly channelId: string;
  /** Whom it was sent to: `28:<application id>`. */
  readonly recipient: string;
  /** Tenants of the conversation, as far as they are named. */
  readonly tenants: readonly string[];
  /** Account in the channel, `29:…`. */
  readonly accountId: string;
  /** As the person calls themselves: for addressing a line to them, never for knowing who they are. */
  readonly callsThemselves: string;
  readonly reply: Reply;
}

const Value = z.looseObject({
  action: z.looseObject({
    type: z.string().optional(),
    verb: z.string().optional(),
    data: z.record(z.string(), z.unknown()).default({}),
  }),
});

/** Whether an activity is a pressed button on a card. */
export const isCardAction = ({ type, name }: Activity): boolean => type === 'invoke' && name === 'adaptiveCard/action';

export function readInteraction(activity: Activity, more: Admitted & { reply: Reply }): TeamsInteraction {
  const action = Value.safeParse(activity.value).data?.action;
  const parsed = ButtonValue.safeParse(action?.data);
  // A verb that says something else than what the button carries is nobody's button.
  const value = parsed.success && parsed.data.kind === action?.verb ? parsed.data : null;
  const reason = action?.data['reason'];
  const tenants = tenantsOf(activity);
  const channel = baseConversation(activity);
  return {
    ...more,
    userId: (activity.from.aadObjectId ?? '').toLowerCase(),
    value,
    // The reason is typed on the card itself: who rejects has been asked for it.
    reason: value?.kind !== 'reject' ? null : typeof reason === 'string' ? reason.trim() : '',
    at: activity.replyToId && channel ? { channel, messageTs: activity.replyToId } : null,
    origin: { tenantId: tenants[0] ?? null },
    channelId: activity.channelId,
    recipient: activity.recipient.id,
    tenants,
    accountId: activity.from.id,
    callsThemselves: activity.from.name ?? '',
  };
}
