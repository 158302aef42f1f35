import { z } from 'zod';
import type { Slack } from './section.ts';
import type { Directory } from '../../../ports/directory.ts';
import { isProviderError, ProviderError } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { COMMANDS_INTRO, notificationText } from '../card-words.ts';
import type { ChatPort } from '../../../ports/chat.ts';
import { approvalBlocks } from './card.ts';
import { commandBlocks } from './card-options.ts';
import { createSlackClient, slackCall } from './client.ts';
import { postToThread, replaceWithDecision } from './decided.ts';
import { postOnce, type SlackClients } from './posting.ts';
import { entities } from './text.ts';

export interface SlackChatDeps {
  readonly config: Slack;
  readonly secrets: SecretsPort;
  readonly directory: Directory;
  /** Longest a single call to Slack may take. @default 10000 */
  readonly timeoutMs?: number;
}

const Member = z.looseObject({
  user: z.looseObject({ id: z.string(), deleted: z.boolean().default(false), is_bot: z.boolean().default(false) }),
});

/**
 * Slack as the approval channel. Messages go to `slack.channel` and mention the owner; one message per approval and
 * round, however often the call is repeated.
 */
export async function createSlackChat(deps: SlackChatDeps): Promise<ChatPort> {
  const { config } = deps;
  const clients = await createSlackClients(deps);
  const mentions = new Map<string, { id: string | null; until: number }>();

  return {
    vendor: 'slack',

    postApproval: async (card, target) => {
      const mention = await mentionOf(target.ownerSubject);
      const ref = await postOnce(clients, {
        channel: config.channel,
        text: entities(notificationText(card)),
        blocks: approvalBlocks(card, mention),
        marker: { event_type: 'idlewise_approval', event_payload: { approvalId: card.approvalId, round: card.round } },
      });
      await postOnce(clients, {
        channel: ref.channel,
        threadTs: ref.messageTs,
        text: COMMANDS_INTRO,
        blocks: commandBlocks(card),
        marker: {
          event_type: 'idlewise_thread',
          event_payload: { marker: `commands:${card.approvalId}:${card.round}` },
        },
      });
      return ref;
    },

    replaceWithDecision: (ref, text) => replaceWithDecision(clients, ref, text),
    postToThread: (ref, line) => postToThread(clients, ref, line),

    check: async () => {
      const who = await slackCall(
        'auth.test',
        z.looseObject({ team_id: z.string(), team: z.string(), user: z.string() }),
        () => clients.read.auth.test(),
      );
      if (who.team_id !== config.teamId)
        throw new ProviderError({
          kind: 'unauthorised',
          provider: 'slack',
          operation: 'auth.test',
          message: `slack.botToken belongs to workspace ${who.team_id}; slack.teamId says ${config.teamId}`,
        });
      await slackCall('conversations.history', z.looseObject({ ok: z.literal(true) }), () =>
        clients.read.conversations.history({ channel: config.channel, limit: 1 }),
      );
      await slackCall('usergroups.users.list', z.looseObject({ users: z.array(z.string()) }), () =>
        clients.read.usergroups.users.list({ usergroup: config.approverUsergroup }),
      );
      return `${who.user} in ${who.team}, channel ${config.channel}`;
    },
  };

  /** Only an id that Slack itself just confirmed is ever mentioned. Not knowing one is no reason to fail. */
  async function mentionOf(subject: string): Promise<string | null> {
    const cached = mentions.get(subject);
    if (cached && cached.until > Date.now()) return cached.id;
    const id = await lookUp(subject);
    mentions.set(subject, { id, until: Date.now() + 600_000 });
    return id;
  }

  async function lookUp(subject: string): Promise<string | null> {
    if (!subject.includes('@')) return null;
    const known = deps.directory.bySubject(subject)?.slackUserIds[0];
    try {
      const { user } = await slackCall(known ? 'users.info' : 'users.lookupByEmail', Member, () => {
        if (known) return clients.read.users.info({ user: known });
        return clients.read.users.lookupByEmail({ email: subject });
      });
      return user.deleted || user.is_bot ? null : user.id;
    } catch (error) {
      if (isProviderError(error, 'not-found') || isProviderError(error, 'terminal')) return null;
      throw error;
    }
  }
}

/** One client that repeats reads and one that never repeats a write. */
export async function createSlackClients(
  deps: Pick<SlackChatDeps, 'config' | 'secrets' | 'timeoutMs'>,
): Promise<SlackClients> {
  if (!/^[CGD][A-Z0-9]+$/.test(deps.config.channel))
    throw new Error(`slack.channel: found "${deps.config.channel}"; give the channel id (C…), not its name`);
  const token = await deps.secrets.resolve(deps.config.botToken);
  const common = { apiUrl: deps.config.apiUrl, token, timeoutMs: deps.timeoutMs ?? 10_000 };
  return { read: createSlackClient({ ...common, retries: 2 }), write: createSlackClient({ ...common, retries: 0 }) };
}
