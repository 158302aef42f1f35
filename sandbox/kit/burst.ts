/** A token bucket per key with a burst of three, as chat systems limit posting. */
export function createBurstLimit(perSecond: number | null): {
  /** Whole seconds to wait, zero when it may go on now. */
  take(key: string, nowMs: number): number;
} {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take: (key, nowMs) => {
      if (perSecond === null) return 0;
      const bucket = buckets.get(key) ?? { tokens: 3, at: nowMs };
      bucket.tokens = Math.min(3, bucket.tokens + ((nowMs - bucket.at) / 1000) * perSecond);
      bucket.at = nowMs;
      buckets.set(key, bucket);
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
      bucket.tokens -= 1;
      return 0;
    },
  };
}
