import type { Teams } from './section.ts';
import type { Directory } from '../../../ports/directory.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { ApprovalCard, ChatPort, MessageRef } from '../../../ports/chat.ts';
import { announcement, approvalParts, commandsActivity } from './card.ts';
import { createTeamsClient, threadOf } from './client.ts';
import { postToThread, replaceWithDecision, sayOnce, showOpen, type TeamsParts } from './decided.ts';
import type { Mention } from './elements.ts';
import { createMemory } from './memory.ts';

export interface TeamsChatDeps {
  readonly config: Teams;
  readonly secrets: SecretsPort;
  readonly directory: Directory;
  /** Where it is kept what was posted; the same store as the Teams app's. */
  readonly cache: Pick<CacheStore, 'get' | 'put'>;
  /** Longest a single call to Teams may take. @default config.timeout */
  readonly timeoutMs?: number;
}

const MENTION_MS = 600_000;

/**
 * Microsoft Teams as the approval channel. Cards go to `chat.teams.conversationId` and mention the owner; one card per
 * approval and round, however often the call is repeated.
 */
export function createTeamsChat(deps: TeamsChatDeps): ChatPort {
  const { config, directory } = deps;
  const client = createTeamsClient(deps);
  const teams: TeamsParts = { client, memory: createMemory(deps.cache) };
  const { memory } = teams;
  const mentions = new Map<string, { mention: Mention | null; until: number }>();

  /**
   * A bot can neither look for its message nor give it an id, so an answer that is lost leaves a message nobody knows of.
   * That is why a message is announced first and its buttons are put in afterwards, which may be repeated: what a lost
   * answer leaves behind has nothing to press.
   */
  const place = async (card: ApprovalCard, mention: Mention | null): Promise<MessageRef> => {
    const there = await memory.posted(card);
    if (there) return there;
    const ref = await client.send(config.conversationId, announcement(card, mention));
    await memory.rememberPosted(card, ref);
    return ref;
  };

  return {
    vendor: 'teams',

    postApproval: async (card, target) => {
      const mention = await mentionOf(target.ownerSubject);
      const ref = await place(card, mention);
      // Remembered before it is shown, so that a decision on it always finds what was asked.
      if (!(await memory.card(ref)))
        await memory.rememberCard(ref, { parts: approvalParts(card, mention), decided: null });
      await showOpen(teams, ref, null);
      const marker = `commands:${card.approvalId}:${card.round}`;
      await sayOnce(teams, { ref, marker, conversation: threadOf(ref), activity: commandsActivity(card) });
      return ref;
    },

    replaceWithDecision: (ref, text) => replaceWithDecision(teams, ref, text),
    postToThread: (ref, line) => postToThread(teams, ref, line),

    check: async () => {
      const members = await client.countMembers(config.conversationId);
      return `bot ${config.appId} in ${config.conversationId} with ${members} members`;
    },
  };

  /** Only an account that Teams itself just confirmed is ever mentioned. Not knowing one is no reason to fail. */
  async function mentionOf(subject: string): Promise<Mention | null> {
    const cached = mentions.get(subject);
    if (cached && cached.until > Date.now()) return cached.mention;
    const id = directory.bySubject(subject)?.teamsUserIds[0];
    const member = id === undefined ? null : await client.member(config.conversationId, id);
    const confirmed = member?.aadObjectId?.toLowerCase() === id ? member : null;
    const mention = confirmed && id ? { id, name: confirmed.name || subject } : null;
    mentions.set(subject, { mention, until: Date.now() + MENTION_MS });
    return mention;
  }
}
