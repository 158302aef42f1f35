import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { isProviderError } from '../../../ports/errors.ts';
import type { MessageRef } from '../../../ports/chat.ts';
import { slackCall } from './client.ts';

export interface SlackClients {
  /** Retries by itself. */
  readonly read: WebClient;
  /** Never repeats a call: only a look at the channel may decide that. */
  readonly write: WebClient;
}

/** What marks a message as ours, so that it is found again instead of posted again. */
export interface Marker {
  readonly event_type: 'idlewise_approval' | 'idlewise_thread' | 'idlewise_decision';
  readonly event_payload: Readonly<Record<string, string | number>>;
}

const Message = z.looseObject({
  ts: z.string(),
  text: z.string().default(''),
  blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })).default([]),
  metadata: z
    .looseObject({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
});
export type ReadMessage = z.infer<typeof Message>;

const Page = z.looseObject({
  messages: z.array(Message),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});
const Posted = z.looseObject({ channel: z.string(), ts: z.string() });

/** How far back a retry looks. A retry comes within minutes; further back is a different run. */
const PAGES = 5;

export interface Draft {
  readonly channel: string;
  readonly threadTs?: string;
  readonly text: string;
  readonly blocks?: KnownBlock[];
  readonly marker: Marker;
}

/** Posts unless a message with the same marker is there. A post that was cut off is looked for before it counts as failed. */
export async function postOnce(clients: SlackClients, draft: Draft): Promise<MessageRef> {
  const there = await find(clients, draft);
  if (there) return there;
  try {
    const posted = await slackCall('chat.postMessage', Posted, () =>
      clients.write.chat.postMessage({
        channel: draft.channel,
        text: draft.text,
        ...(draft.blocks ? { blocks: draft.blocks } : {}),
        ...(draft.threadTs ? { thread_ts: draft.threadTs } : {}),
        metadata: draft.marker,
        parse: 'none',
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
      } as Parameters<WebClient['chat']['postMessage']>[0]),
    );
    return { channel: posted.channel, messageTs: posted.ts };
  } catch (error) {
    if (!isProviderError(error, 'unavailable')) throw error;
    const arrived = await find(clients, draft).catch(() => null);
    if (arrived) return arrived;
    throw error;
  }
}

async function find(clients: SlackClients, draft: Draft): Promise<MessageRef | null> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const paging = { channel: draft.channel, include_all_metadata: true, limit: 200, ...(cursor ? { cursor } : {}) };
    const answer = draft.threadTs
      ? await replies(clients, { ...paging, ts: draft.threadTs })
      : await slackCall('conversations.history', Page, () => clients.read.conversations.history(paging));
    const hit = answer.messages.find((m) => carries(m, draft.marker));
    if (hit) return { channel: draft.channel, messageTs: hit.ts };
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return null;
  }
  return null;
}

async function replies(clients: SlackClients, args: { channel: string; ts: string; limit: number; cursor?: string }) {
  return slackCall('conversations.replies', Page, () =>
    clients.read.conversations.replies(args as Parameters<WebClient['conversations']['replies']>[0]),
  );
}

function carries(message: ReadMessage, marker: Marker): boolean {
  if (message.metadata?.event_type !== marker.event_type) return false;
  const payload = message.metadata.event_payload;
  return Object.entries(marker.event_payload).every(([key, value]) => payload[key] === value);
}

/** The message as it stands, or null when it was deleted. */
export async function readMessage(clients: SlackClients, ref: MessageRef): Promise<ReadMessage | null> {
  const page = await slackCall('conversations.history', Page, () =>
    clients.read.conversations.history({
      channel: ref.channel,
      latest: ref.messageTs,
      oldest: ref.messageTs,
      inclusive: true,
      limit: 1,
      include_all_metadata: true,
    }),
  );
  return page.messages.find((m) => m.ts === ref.messageTs) ?? null;
}

/** Idempotent by (channel, ts). */
export async function updateMessage(
  clients: SlackClients,
  ref: MessageRef,
  content: { text: string; blocks: readonly object[] },
): Promise<void> {
  await slackCall('chat.update', z.looseObject({ ts: z.string() }), () =>
    clients.write.chat.update({
      channel: ref.channel,
      ts: ref.messageTs,
      text: content.text,
      blocks: content.blocks as KnownBlock[],
      parse: 'none',
      link_names: false,
    }),
  );
}
