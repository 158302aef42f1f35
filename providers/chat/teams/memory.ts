import { sha256 } from '../../../schemas/digest.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { ApprovalCard, MessageRef } from '../../../ports/chat.ts';
import type { CardParts } from './card.ts';

/** Longer than any request, its execution and the bill that proves it take. */
const KEEP_MS = 200 * 86_400_000;

export interface RememberedCard {
  readonly parts: CardParts;
  /** What came of it, once the buttons are gone. */
  readonly decided: { readonly headline: string; readonly detail: string } | null;
}

/**
 * What was posted where. A bot cannot read a channel back, so whatever has to be known of a message later is kept in our
 * own records.
 */
export interface Memory {
  posted(card: Pick<ApprovalCard, 'approvalId' | 'round'>): Promise<MessageRef | null>;
  rememberPosted(card: Pick<ApprovalCard, 'approvalId' | 'round'>, ref: MessageRef): Promise<void>;
  card(ref: MessageRef): Promise<RememberedCard | null>;
  rememberCard(ref: MessageRef, card: RememberedCard): Promise<void>;
  /** Whether the line with this marker is under this message. */
  said(ref: MessageRef, marker: string): Promise<boolean>;
  rememberSaid(ref: MessageRef, marker: string): Promise<void>;
}

export function createMemory(cache: Pick<CacheStore, 'get' | 'put'>): Memory {
  const until = () => new Date(Date.now() + KEEP_MS).toISOString();
  const at = (ref: MessageRef) => sha256(`${ref.channel}\n${ref.messageTs}`);
  const postKey = (card: { approvalId: string; round: number }) =>
    `teams-post/${sha256(`${card.approvalId}\n${card.round}`)}`;
  const lineKey = (ref: MessageRef, marker: string) => `teams-line/${sha256(`${at(ref)}\n${marker}`)}`;
  return {
    posted: async (card) => (await cache.get(postKey(card))) as MessageRef | null,
    rememberPosted: (card, ref) => cache.put(postKey(card), { ...ref }, until()),
    card: async (ref) => (await cache.get(`teams-card/${at(ref)}`)) as RememberedCard | null,
    rememberCard: (ref, card) => cache.put(`teams-card/${at(ref)}`, card, until()),
    said: async (ref, marker) => (await cache.get(lineKey(ref, marker))) !== null,
    rememberSaid: (ref, marker) => cache.put(lineKey(ref, marker), true, until()),
  };
}
