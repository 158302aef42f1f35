import { blockProblems, list } from './blocks.ts';
import type { InteractionTokens } from './interaction-tokens.ts';
import type { Json, JsonObject, SlackUserSeed, StoredMessage } from './types.ts';
import { messageView, type SlackWorld } from './world.ts';

export interface Workspace {
  readonly teamId: string;
  readonly teamDomain: string;
  readonly teamName: string;
  readonly appId: string;
  readonly appName: string;
  readonly botUserId: string;
  readonly botId: string;
}

export interface MethodContext {
  readonly world: SlackWorld;
  readonly workspace: Workspace;
  readonly tokens: InteractionTokens;
}

type Method = (args: JsonObject, context: MethodContext) => JsonObject;

/** The Web API methods Idlewise calls. An answer with `error` becomes `ok: false`. */
export const methods: Readonly<Record<string, Method>> = {
  'auth.test': (_args, { workspace }) => ({
    url: `https://${workspace.teamDomain}.slack.com/`,
    team: workspace.teamName,
    user: workspace.appName.toLowerCase(),
    team_id: workspace.teamId,
    user_id: workspace.botUserId,
    bot_id: workspace.botId,
  }),

  'chat.postMessage': (args, context) => {
    const problem = contentProblem(args) ?? channelProblem(args, context);
    if (problem) return problem;
    const threadTs = args.thread_ts ? String(args.thread_ts) : null;
    if (threadTs && !context.world.find(String(args.channel), threadTs)) return { error: 'thread_not_found' };
    const message = context.world.post({
      channel: String(args.channel),
      user: context.workspace.botUserId,
      text: String(args.text ?? ''),
      blocks: list(args.blocks),
      metadata: objectOrNull(args.metadata),
      threadTs,
    });
    return { channel: message.channel, ts: message.ts, message: messageView(message, context.workspace) };
  },

  'chat.update': (args, context) => {
    const problem = contentProblem(args) ?? channelProblem(args, context);
    if (problem) return problem;
    const message = context.world.find(String(args.channel), String(args.ts));
    if (!message) return { error: 'message_not_found' };
    if (message.user !== context.workspace.botUserId) return { error: 'cant_update_message' };
    message.text = String(args.text ?? '');
    message.blocks = list(args.blocks);
    // Slack keeps the metadata of an edited message unless new metadata is sent.
    message.metadata = objectOrNull(args.metadata) ?? message.metadata;
    message.editedTs = context.world.nextTs();
    context.world.save();
    return {
      channel: message.channel,
      ts: message.ts,
      text: message.text,
      message: messageView(message, context.workspace),
    };
  },

  'chat.postEphemeral': (args, context) => {
    const problem = contentProblem(args) ?? channelProblem(args, context);
    if (problem) return problem;
    const user = findUser(context, String(args.user));
    if (!user) return { error: 'user_not_in_channel' };
    const ts = context.world.nextTs();
    context.world.ephemerals.push({
      ts,
      channel: String(args.channel),
      user: user.id,
      text: String(args.text ?? ''),
      blocks: list(args.blocks),
    });
    return { message_ts: ts };
  },

  'views.open': (args, context) => {
    const view = objectOrNull(args.view);
    if (!view) return { error: 'invalid_arguments', response_metadata: { messages: ['missing required field: view'] } };
    const problems = blockProblems(list(view.blocks), 100);
    if (problems.length > 0) return { error: 'invalid_arguments', response_metadata: { messages: problems } };
    const trigger = context.tokens.useTrigger(String(args.trigger_id ?? ''));
    if ('error' in trigger) return trigger;
    const id = `V${context.world.nextTs().replace('.', '')}`;
    const stored: JsonObject = {
      ...view,
      id,
      team_id: context.workspace.teamId,
      app_id: context.workspace.appId,
      hash: `${id}.1`,
    };
    context.world.views.set(id, { id, user: trigger.user, view: stored, openedAt: context.world.now(), errors: {} });
    return { view: stored };
  },

  'users.info': (args, context) => {
    const user = findUser(context, String(args.user));
    return user ? { user: userView(user, context.workspace) } : { error: 'user_not_found' };
  },

  'users.lookupByEmail': (args, context) => {
    const email = String(args.email ?? '').toLowerCase();
    const user = context.world.seed.users.find((u) => u.email.toLowerCase() === email && !u.deleted);
    return user ? { user: userView(user, context.workspace) } : { error: 'users_not_found' };
  },

  'usergroups.users.list': (args, context) => {
    const group = context.world.seed.usergroups.find((g) => g.id === args.usergroup);
    return group ? { users: [...group.members] } : { error: 'no_such_subteam' };
  },

  'conversations.open': (args, context) => {
    const user = findUser(context, String(args.users ?? ''));
    if (!user) return { error: 'user_not_found' };
    return { channel: { id: context.world.openDirectMessage(user.id) } };
  },

  'conversations.history': (args, context) => {
    const problem = channelProblem(args, context);
    if (problem) return problem;
    const within = context.world.messages.filter((m) => m.channel === args.channel && m.threadTs === null);
    return page(within.filter((m) => inRange(m, args)).reverse(), args, context);
  },

  'conversations.replies': (args, context) => {
    const problem = channelProblem(args, context);
    if (problem) return problem;
    const thread = context.world.messages.filter(
      (m) => m.channel === args.channel && (m.ts === args.ts || m.threadTs === args.ts),
    );
    if (thread.length === 0) return { error: 'thread_not_found' };
    return page(thread, args, context);
  },
};

function page(messages: StoredMessage[], args: JsonObject, context: MethodContext): JsonObject {
  const limit = Math.min(Number(args.limit ?? 100) || 100, 999);
  const from = args.cursor ? Number(Buffer.from(String(args.cursor), 'base64').toString()) : 0;
  const next = from + limit < messages.length ? Buffer.from(String(from + limit)).toString('base64') : '';
  const withMetadata = args.include_all_metadata === true || args.include_all_metadata === 'true';
  return {
    messages: messages.slice(from, from + limit).map((m) => messageView(m, context.workspace, withMetadata)),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

function inRange(message: StoredMessage, args: JsonObject): boolean {
  const inclusive = args.inclusive === true;
  const { latest, oldest } = args;
  if (typeof latest === 'string' && latest !== '' && !(message.ts < latest || (inclusive && message.ts === latest)))
    return false;
  return !(
    typeof oldest === 'string' &&
    oldest !== '' &&
    !(message.ts > oldest || (inclusive && message.ts === oldest))
  );
}

function contentProblem(args: JsonObject): JsonObject | null {
  if (!args.text && list(args.blocks).length === 0) return { error: 'no_text' };
  if (typeof args.blocks === 'string') return { error: 'invalid_blocks_format' };
  if (String(args.text ?? '').length > 40_000) return { error: 'msg_too_long' };
  const problems = blockProblems(list(args.blocks));
  return problems.length > 0 ? { error: 'invalid_blocks', response_metadata: { messages: problems } } : null;
}

function channelProblem(args: JsonObject, context: MethodContext): JsonObject | null {
  return context.world.channelName(String(args.channel ?? '')) === null ? { error: 'channel_not_found' } : null;
}

function findUser(context: MethodContext, id: string): SlackUserSeed | undefined {
  return context.world.seed.users.find((u) => u.id === id);
}

function objectOrNull(value: Json | undefined): JsonObject | null {
  return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
}

function userView(user: SlackUserSeed, workspace: Workspace): JsonObject {
  return {
    id: user.id,
    team_id: user.teamId ?? workspace.teamId,
    name: user.handle,
    deleted: user.deleted ?? false,
    real_name: user.realName,
    is_bot: user.isBot ?? false,
    is_restricted: user.isRestricted ?? false,
    is_ultra_restricted: user.isUltraRestricted ?? false,
    is_stranger: user.isStranger ?? false,
    is_email_confirmed: user.emailConfirmed ?? true,
    profile: { email: user.email, real_name: user.realName, display_name: user.handle, title: user.title ?? '' },
  };
}
