import type { Context, Hono, MiddlewareHandler } from 'hono';
import { createBurstLimit } from '../kit/burst.ts';
import { cardProblems, isObject, MOST_BYTES } from './cards.ts';
import type { Tenant } from './tenant.ts';
import type { JsonObject, StoredMessage, TeamsUserSeed } from './types.ts';
import type { TeamsWorld } from './world.ts';

type Status = 400 | 403 | 404 | 413;

/** The Bot Framework connector under `/teams/v3/`: activities and members of the conversations the bot is in. */
export function serveConnector(
  app: Hono,
  deps: { world: TeamsWorld; tenant: Tenant; required: MiddlewareHandler; postsPerSecond: number | null },
): void {
  const { world } = deps;
  const limit = createBurstLimit(deps.postsPerSecond);
  const fail = (c: Context, status: Status, code: string) => c.json({ error: { code, message: code } }, status);
  const known = (id: string) => world.seed.channels.some((channel) => channel.id === id);

  app.use('/teams/*', deps.required);

  app.post('/teams/v3/conversations/:conversation/activities', async (c) => {
    c.set('label' as never, 'send' as never);
    const { id, threadOf } = placeOf(c.req.param('conversation'));
    if (!known(id)) return fail(c, 403, 'BotNotInConversationRoster');
    if (threadOf !== null && !world.find(threadOf)) return fail(c, 404, 'ActivityNotFoundInConversation');
    const wait = limit.take(id, world.now());
    if (wait > 0) {
      c.header('retry-after', String(wait));
      return c.json({ error: { code: 'TooManyRequests', message: 'slow down' } }, 429);
    }
    const read = contentOf(await c.req.text());
    if ('problem' in read) return fail(c, read.status, read.problem);
    const message = world.post({ conversation: id, threadOf, ...read });
    return c.json({ id: message.id }, 201);
  });

  app.put('/teams/v3/conversations/:conversation/activities/:activity', async (c) => {
    c.set('label' as never, 'update' as never);
    const message = world.find(c.req.param('activity'));
    if (!message || message.conversation !== placeOf(c.req.param('conversation')).id)
      return fail(c, 404, 'ActivityNotFoundInConversation');
    const read = contentOf(await c.req.text());
    if ('problem' in read) return fail(c, read.status, read.problem);
    if (message.card) message.earlier.push(message.card);
    Object.assign(message, read, { edited: true });
    world.save();
    return c.json({ id: message.id });
  });

  app.delete('/teams/v3/conversations/:conversation/activities/:activity', (c) =>
    world.remove(c.req.param('activity')) ? c.body(null, 200) : fail(c, 404, 'ActivityNotFoundInConversation'),
  );

  app.get('/teams/v3/conversations/:conversation/members/:member', (c) => {
    c.set('label' as never, 'member' as never);
    if (!known(placeOf(c.req.param('conversation')).id)) return fail(c, 403, 'BotNotInConversationRoster');
    const wanted = c.req.param('member').toLowerCase();
    const member = world.members().find((u) => u.id === wanted || u.objectId === wanted);
    return member ? c.json(memberView(member, deps.tenant)) : fail(c, 404, 'MemberNotFoundInConversation');
  });

  app.get('/teams/v3/conversations/:conversation/pagedMembers', (c) => {
    if (!known(placeOf(c.req.param('conversation')).id)) return fail(c, 403, 'BotNotInConversationRoster');
    return c.json({ members: world.members().map((u) => memberView(u, deps.tenant)) });
  });
}

/** `19:…@thread.tacv2;messageid=17…` is the thread under that message. */
function placeOf(conversation: string): { id: string; threadOf: string | null } {
  const [id = '', thread] = conversation.split(';messageid=');
  return { id, threadOf: thread ?? null };
}

type Content = Pick<StoredMessage, 'text' | 'textFormat' | 'summary' | 'card'>;

function contentOf(body: string): Content | { problem: string; status: Status } {
  if (Buffer.byteLength(body) > MOST_BYTES) return { problem: 'MessageSizeTooBig', status: 413 };
  let activity: JsonObject;
  try {
    activity = JSON.parse(body) as JsonObject;
  } catch {
    return { problem: 'BadSyntax', status: 400 };
  }
  const [attachment] = Array.isArray(activity.attachments) ? activity.attachments : [];
  const card = isObject(attachment) && isObject(attachment.content) ? attachment.content : null;
  const problems = card ? cardProblems(card) : [];
  if (activity.type !== 'message') problems.push('type must be message');
  if (!card && !activity.text) problems.push('text or a card is needed');
  if (problems.length > 0) return { problem: `BadArgument:${problems.join(';')}`, status: 400 };
  return {
    text: String(activity.text ?? ''),
    textFormat: String(activity.textFormat ?? 'markdown'),
    summary: String(activity.summary ?? ''),
    card,
  };
}

function memberView(user: TeamsUserSeed, tenant: Tenant): JsonObject {
  return {
    id: user.id,
    name: user.name,
    aadObjectId: user.objectId,
    email: user.email,
    userPrincipalName: user.guest ? `${user.email.replace('@', '_')}#EXT#@acme.example` : user.email,
    tenantId: user.tenantId ?? tenant.tenantId,
    userRole: user.guest ? 'guest' : 'user',
  };
}
