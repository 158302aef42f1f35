import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { findAction, isObject } from './cards.ts';
import { type DeliveryDeps, deliver, replay } from './delivery.ts';
import type { Tenant } from './tenant.ts';
import type { Delivery, JsonObject, Misbehaviour, StoredMessage, TeamsUserSeed } from './types.ts';
import type { TeamsWorld } from './world.ts';

export interface InteractionRequest {
  /** Channel id, Entra object id or handle. */
  readonly user: string;
  readonly messageId: string;
  /** Id of the button; one that is gone from the card is taken from what an old window still shows. */
  readonly actionId?: string;
  /** Instead of a button of the card: what somebody makes up. */
  readonly action?: { verb?: string; data: JsonObject };
  /** What was typed, by input id. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly misbehave?: Misbehaviour;
}

/**
 * What people do, as an admin interface: `POST /__sim/interact`, `POST /__sim/install`, `POST /__sim/replay`,
 * `GET /__sim/deliveries`. Each sends the app what Teams would send.
 */
export function serveInteractions(app: Hono, world: TeamsWorld, deps: DeliveryDeps): void {
  app.post('/__sim/interact', async (c) => {
    const request = (await c.req.json()) as InteractionRequest;
    const user = world.user(request.user);
    const message = world.find(request.messageId);
    if (!user || !message) return c.json({ error: user ? 'message not found' : `no user ${request.user}` }, 404);
    const action = request.action ?? buttonOf(message, request.actionId ?? '');
    if (!action) return c.json({ error: `no button ${request.actionId} on that card` }, 404);
    const activity = invokeOf(deps.tenant, { user, message, action, inputs: request.inputs ?? {} });
    const sent = await deliver(deps, activity, request.misbehave);
    const note = noteOf(sent[0]);
    world.notes.push({ ...note, at: new Date(world.now()).toISOString(), user: user.id, messageId: message.id });
    return c.json({ ...summary(sent), note: note.text });
  });

  /** Somebody adds the app to the team: Teams tells the app where it is now. */
  app.post('/__sim/install', async (c) => {
    const { misbehave } = (await c.req.json()) as { misbehave?: Misbehaviour };
    const user = world.members()[0];
    const channel = world.seed.channels[0];
    if (!user || !channel) return c.json({ error: 'no members or channels' }, 404);
    const activity = {
      ...envelope(deps.tenant, { user, conversation: channel.id }),
      type: 'installationUpdate',
      action: 'add',
    };
    return c.json(summary(await deliver(deps, activity, misbehave)));
  });

  app.post('/__sim/replay', async (c) => {
    const { index } = (await c.req.json()) as { index?: number };
    const earlier = deps.log.at(index ?? -1);
    if (!earlier) return c.json({ error: 'nothing was delivered yet' }, 404);
    return c.json(summary([await replay(deps, earlier)]));
  });

  app.post('/__sim/rotate-keys', async (c) => {
    await deps.keys.rotate();
    return c.json({ keys: deps.keys.jwks().keys.length });
  });

  app.get('/__sim/deliveries', (c) => c.json(deps.log));
}

function buttonOf(message: StoredMessage, id: string): { verb?: string; data: JsonObject } | null {
  for (const card of [message.card, ...message.earlier.toReversed()]) {
    const found = findAction(card, id);
    if (found) return { verb: String(found.verb), data: isObject(found.data) ? found.data : {} };
  }
  return null;
}

function invokeOf(
  tenant: Tenant,
  interaction: {
    user: TeamsUserSeed;
    message: StoredMessage;
    action: { verb?: string; data: JsonObject };
    inputs: Readonly<Record<string, string>>;
  },
): JsonObject {
  const { message, action } = interaction;
  const thread = message.threadOf ?? message.id;
  return {
    ...envelope(tenant, { user: interaction.user, conversation: `${message.conversation};messageid=${thread}` }),
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: message.id,
    value: {
      action: {
        type: 'Action.Execute',
        ...(action.verb === undefined ? {} : { verb: action.verb }),
        // Teams merges what was typed into the button's own data.
        data: { ...action.data, ...interaction.inputs },
      },
      trigger: 'manual',
    },
  };
}

function envelope(tenant: Tenant, at: { user: TeamsUserSeed; conversation: string }): JsonObject {
  const tenantId = at.user.tenantId ?? tenant.tenantId;
  return {
    id: `f:${randomUUID()}`,
    channelId: 'msteams',
    serviceUrl: tenant.serviceUrl(),
    from: { id: at.user.id, name: at.user.name, aadObjectId: at.user.objectId },
    conversation: { id: at.conversation, conversationType: 'channel', isGroup: true, tenantId },
    recipient: { id: `28:${tenant.appId}`, name: tenant.appName },
    channelData: { tenant: { id: tenantId } },
    locale: 'en-GB',
  };
}

/** What Teams shows under the card after this answer. */
function noteOf(delivery: Delivery | undefined): { text: string; problem: boolean } {
  const failed = { text: 'Something went wrong. Please try again.', problem: true };
  if (delivery?.status !== 200) return failed;
  try {
    const { statusCode, type, value } = JSON.parse(delivery.answer) as {
      statusCode: number;
      type: string;
      value: unknown;
    };
    if (statusCode === 200 && type === 'application/vnd.microsoft.activity.message')
      return { text: String(value), problem: false };
    return failed;
  } catch {
    return failed;
  }
}

function summary(sent: Delivery[]) {
  const deliveries = sent.map(({ status, answer }) => ({ status, answer }));
  return { status: deliveries[0]?.status ?? 0, answer: deliveries[0]?.answer ?? '', deliveries };
}
