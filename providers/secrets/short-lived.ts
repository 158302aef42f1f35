/** Values kept in memory for a short time and then dropped, used or not. */
export interface ShortLived {
  get(key: string, load: () => Promise<string>): Promise<string>;
  clear(): void;
}

/**
 * Callers at the same time share one read; a failed read is not kept, and an old value never stands in for one: a store
 * that is sealed or denies us is an error, not a reason to go on with what we knew.
 */
export function createShortLived(keepMs: number): ShortLived {
  const held = new Map<string, { value: Promise<string>; timer?: NodeJS.Timeout }>();
  return {
    get(key, load) {
      const found = held.get(key);
      if (found) return found.value;
      const entry: { value: Promise<string>; timer?: NodeJS.Timeout } = { value: load() };
      held.set(key, entry);
      const drop = () => {
        if (held.get(key) === entry) held.delete(key);
      };
      entry.value.then(() => {
        if (keepMs === 0) drop();
        else entry.timer = setTimeout(drop, keepMs).unref();
      }, drop);
      return entry.value;
    },
    clear() {
      for (const { timer } of held.values()) clearTimeout(timer);
      held.clear();
    },
  };
}
