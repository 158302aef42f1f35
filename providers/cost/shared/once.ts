/** Whoever asks for the same thing while it is being fetched waits for that answer. Failures are not kept. */
export function createShared<T>() {
  const running = new Map<string, Promise<T>>();
  return {
    running: (key: string): Promise<T> | undefined => running.get(key),
    run(key: string, fetch: () => Promise<T>): Promise<T> {
      const known = running.get(key);
      if (known) return known;
      const own = fetch().finally(() => running.delete(key));
      running.set(key, own);
      return own;
    },
  };
}
