/**
 * Answers that hold for `keepMs`, by key; with 0 none outlives its reading. Callers that come together share one reading, and one
 * that fails is not kept.
 */
export function createCache<T>(
  keepMs: number,
  clock: () => number,
): (key: string, read: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<T>; isRead: boolean }>();
  return (key, read) => {
    const now = clock();
    for (const [old, { at, isRead }] of kept) if (isRead && now - at >= keepMs) kept.delete(old);
    const known = kept.get(key);
    if (known) return known.answer;
    const entry = { at: now, answer: read(), isRead: false };
    kept.set(key, entry);
    entry.answer.then(
      () => {
        entry.isRead = true;
      },
      () => {
        if (kept.get(key) === entry) kept.delete(key);
      },
    );
    return entry.answer;
  };
}
