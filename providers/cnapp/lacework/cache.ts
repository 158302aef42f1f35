/** Answers that hold for a while, by key. Callers that come together share one reading; one that fails is not kept. */
export function createCache<T>(
  keepMs: number,
  clock: () => number,
): (key: string, read: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();
  return (key, read) => {
    const now = clock();
    for (const [old, { at }] of kept) if (now - at > keepMs) kept.delete(old);
    const known = kept.get(key);
    if (known) return known.answer;
    const answer = read();
    const entry = { at: now, answer };
    kept.set(key, entry);
    answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return answer;
  };
}
