import type { Hono } from 'hono';
import { list, textOf } from './blocks.ts';
import { type DeliveryDeps, deliver, replay } from './delivery.ts';
import type { MethodContext } from './methods.ts';
import { blockActionsPayload, viewSubmissionPayload } from './payloads.ts';
import type { Delivery, JsonObject, Misbehaviour, SlackUserSeed, StoredMessage } from './types.ts';

export interface InteractionRequest {
  /** User id or handle. */
  readonly user: string;
  readonly channel: string;
  readonly messageTs: string;
  readonly actionId?: string;
  readonly blockId?: string;
  /** For menus: the value or the label of an entry. For buttons: replaces the value, as an old client could send it. */
  readonly value?: string;
  readonly misbehave?: Misbehaviour;
}

/**
 * What people do, as an admin interface: `POST /__sim/interact`, `POST /__sim/submit-view`, `POST /__sim/close-view`,
 * `POST /__sim/replay`, `GET /__sim/deliveries`. Each sends the app what Slack would send.
 */
export function serveInteractions(
  app: Hono,
  context: MethodContext,
  deps: DeliveryDeps & { baseUrl: () => string },
): void {
  const person = (key: string): SlackUserSeed | undefined =>
    context.world.seed.users.find((u) => u.id === key || u.handle === key.toLowerCase());

  app.post('/__sim/interact', async (c) => {
    const request = (await c.req.json()) as InteractionRequest;
    const user = person(request.user);
    const message = context.world.find(request.channel, request.messageTs);
    if (!user || !message) return c.json({ error: user ? 'message not found' : `no user ${request.user}` }, 404);
    const found = findElement(message, request);
    if (!found) return c.json({ error: `no element ${request.actionId ?? request.blockId} in that message` }, 404);
    const target = { user: user.id, channel: message.channel, messageTs: message.ts };
    const payload = blockActionsPayload(
      {
        ...found,
        message,
        user,
        responseUrl: `${deps.baseUrl()}/hooks/actions/${context.tokens.issueResponse(target)}`,
      },
      context,
    );
    return c.json(summary(await deliver(deps, payload, request.misbehave)));
  });

  app.post('/__sim/submit-view', async (c) => {
    const request = (await c.req.json()) as {
      user: string;
      viewId: string;
      values: Record<string, string>;
      misbehave?: Misbehaviour;
    };
    const open = context.world.views.get(request.viewId);
    const user = person(request.user);
    if (!open || !user) return c.json({ error: 'no such open view or user' }, 404);
    const sent = await deliver(
      deps,
      viewSubmissionPayload(open, { user, values: request.values }, context),
      request.misbehave,
    );
    const answer = parseAnswer(sent[0]);
    open.errors = answer.response_action === 'errors' ? (answer.errors as Record<string, string>) : {};
    if (sent[0]?.status === 200 && answer.response_action === undefined) context.world.views.delete(open.id);
    return c.json({ ...summary(sent), errors: open.errors });
  });

  app.post('/__sim/close-view', async (c) => {
    const { viewId } = (await c.req.json()) as { viewId: string };
    return c.json({ closed: context.world.views.delete(viewId) });
  });

  app.post('/__sim/replay', async (c) => {
    const { index } = (await c.req.json()) as { index?: number };
    const earlier = deps.log.at(index ?? -1);
    if (!earlier) return c.json({ error: 'nothing was delivered yet' }, 404);
    return c.json(summary([await replay(deps, earlier)]));
  });

  app.get('/__sim/deliveries', (c) => c.json(deps.log));

  app.post('/hooks/actions/:id', async (c) => {
    const target = context.tokens.useResponse(c.req.param('id'));
    if (!target) return c.text('expired_url', 404);
    const body = (await c.req.json()) as JsonObject;
    const blocks = list(body.blocks);
    const message = context.world.find(target.channel, target.messageTs);
    if (body.replace_original === true && message)
      Object.assign(message, { text: String(body.text ?? ''), blocks, editedTs: context.world.nextTs() });
    else if (body.response_type === 'in_channel')
      context.world.post({
        channel: target.channel,
        user: context.workspace.botUserId,
        text: String(body.text ?? ''),
        blocks,
        metadata: null,
        threadTs: body.thread_ts ? String(body.thread_ts) : null,
      });
    else
      context.world.ephemerals.push({
        ts: context.world.nextTs(),
        channel: target.channel,
        user: target.user,
        text: String(body.text ?? ''),
        blocks,
      });
    return c.text('ok');
  });
}

function findElement(
  message: StoredMessage,
  request: InteractionRequest,
): { element: JsonObject; blockId: string; value: string | null } | null {
  for (const block of message.blocks) {
    if (request.blockId && block.block_id !== request.blockId) continue;
    const elements = block.type === 'section' ? list(block.accessory ? [block.accessory] : []) : list(block.elements);
    for (const element of elements) {
      if (typeof element.action_id !== 'string') continue;
      if (request.actionId && element.action_id !== request.actionId) continue;
      const chosen = list(element.options).find((o) => o.value === request.value || textOf(o.text) === request.value);
      const own = typeof element.value === 'string' ? element.value : null;
      return {
        element,
        blockId: String(block.block_id ?? ''),
        value: chosen ? String(chosen.value) : (request.value ?? own),
      };
    }
  }
  // A client that still shows an old version of the message can send a button which is no longer there.
  if (request.actionId === undefined || request.value === undefined) return null;
  return {
    element: { type: 'button', action_id: request.actionId },
    blockId: request.blockId ?? '',
    value: request.value,
  };
}

function parseAnswer(delivery: Delivery | undefined): JsonObject {
  try {
    return JSON.parse(delivery?.answer || '{}') as JsonObject;
  } catch {
    return {};
  }
}

function summary(sent: Delivery[]): {
  status: number;
  answer: string;
  deliveries: { status: number; answer: string }[];
} {
  const deliveries = sent.map(({ status, answer }) => ({ status, answer }));
  return { status: deliveries[0]?.status ?? 0, answer: deliveries[0]?.answer ?? '', deliveries };
}
