import { loadState, saveState } from '../kit/state-file.ts';
import type { Note, StoredMessage, TeamsDirectorySeed, TeamsUserSeed } from './types.ts';

/** Everything the simulated team remembers. Messages outlive a restart. */
export interface TeamsWorld {
  readonly seed: TeamsDirectorySeed;
  readonly messages: StoredMessage[];
  readonly notes: Note[];
  now(): number;
  /** By channel id, Entra object id or handle. */
  user(key: string): TeamsUserSeed | undefined;
  /** Who is in the team now. */
  members(): readonly TeamsUserSeed[];
  find(id: string): StoredMessage | undefined;
  post(message: Omit<StoredMessage, 'id' | 'earlier' | 'edited'>): StoredMessage;
  remove(id: string): boolean;
  save(): void;
}

export function createWorld(seed: TeamsDirectorySeed, stateFile: string | undefined, now: () => number): TeamsWorld {
  const { messages } = loadState<{ messages: StoredMessage[] }>(stateFile, 'Teams state', { messages: [] });
  let lastId = Math.max(0, ...messages.map((m) => Number(m.id)));
  const world: TeamsWorld = {
    seed,
    messages,
    notes: [],
    now,
    user: (key) => {
      const wanted = key.toLowerCase();
      return seed.users.find((u) => [u.id, u.objectId, u.handle].includes(wanted));
    },
    members: () => seed.users.filter((u) => !u.gone),
    find: (id) => messages.find((m) => m.id === id),
    post: (message) => {
      lastId = Math.max(lastId + 1, Math.floor(now()));
      const stored: StoredMessage = { ...message, id: String(lastId), earlier: [], edited: false };
      messages.push(stored);
      world.save();
      return stored;
    },
    remove: (id) => {
      const index = messages.findIndex((m) => m.id === id);
      if (index >= 0) messages.splice(index, 1);
      world.save();
      return index >= 0;
    },
    save: () => saveState(stateFile, { messages }),
  };
  return world;
}
