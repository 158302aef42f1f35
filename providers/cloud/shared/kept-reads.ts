/** Reads that serve everybody who asks within `forMs`. A read that fails is not kept. */
export function createKeptReads({ forMs, now }: { readonly forMs: number; readonly now: () => number }) {
  const held = new Map<string, { until: number; value: Promise<unknown> }>();
  return <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const known = held.get(key);
    if (known && known.until > now()) return known.value as Promise<T>;
    const value = read();
    held.set(key, { until: now() + forMs, value });
    value.catch(() => held.delete(key));
    return value;
  };
}
