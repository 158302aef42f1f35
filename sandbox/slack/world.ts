import { loadState, saveState } from '../kit/state-file.ts';
import type { Ephemeral, JsonObject, OpenView, SlackDirectorySeed, StoredMessage } from './types.ts';

interface Saved {
  messages: StoredMessage[];
  directMessages: Record<string, string>;
  lastTs: number;
}

/** Everything the simulated workspace remembers. Messages and direct-message channels outlive a restart. */
export interface SlackWorld {
  readonly seed: SlackDirectorySeed;
  readonly messages: StoredMessage[];
  readonly ephemerals: Ephemeral[];
  readonly views: Map<string, OpenView>;
  /** Direct-message channel id by user id. */
  readonly directMessages: Record<string, string>;
  now(): number;
  /** Unique, growing, and text: `1700000000.000100`. */
  nextTs(): string;
  channelName(id: string): string | null;
  find(channel: string, ts: string): StoredMessage | undefined;
  post(message: Omit<StoredMessage, 'ts' | 'editedTs'>): StoredMessage;
  openDirectMessage(user: string): string;
  save(): void;
}

export function createWorld(seed: SlackDirectorySeed, stateFile: string | undefined, now: () => number): SlackWorld {
  const saved = loadState<Saved>(stateFile, 'Slack state', { messages: [], directMessages: {}, lastTs: 0 });
  let lastTs = saved.lastTs;

  const world: SlackWorld = {
    seed,
    messages: saved.messages,
    ephemerals: [],
    views: new Map(),
    directMessages: saved.directMessages,
    now,
    nextTs: () => {
      lastTs = Math.max(lastTs + 100, Math.floor(now()) * 1000);
      const text = String(lastTs).padStart(16, '0');
      return `${text.slice(0, -6)}.${text.slice(-6)}`;
    },
    channelName: (id) => {
      const channel = seed.channels.find((c) => c.id === id);
      if (channel) return channel.name;
      return Object.values(saved.directMessages).includes(id) ? 'directmessage' : null;
    },
    find: (channel, ts) => world.messages.find((m) => m.channel === channel && m.ts === ts),
    post: (message) => {
      const stored: StoredMessage = { ...message, ts: world.nextTs(), editedTs: null };
      world.messages.push(stored);
      world.save();
      return stored;
    },
    openDirectMessage: (user) => {
      saved.directMessages[user] ??= `D${user.slice(1)}`;
      return saved.directMessages[user];
    },
    save: () => {
      const body: Saved = { messages: world.messages, directMessages: saved.directMessages, lastTs };
      saveState(stateFile, body);
    },
  };
  return world;
}

/** A message in the shape the Web API and payloads show it. */
export function messageView(
  message: StoredMessage,
  bot: { botId: string; appId: string },
  withMetadata = true,
): JsonObject {
  return {
    type: 'message',
    user: message.user,
    bot_id: bot.botId,
    app_id: bot.appId,
    ts: message.ts,
    text: message.text,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.editedTs ? { edited: { user: message.user, ts: message.editedTs } } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}
