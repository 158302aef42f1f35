/**
 * Keeps to the vendor's token buckets by what its answers say of them, so that full speed means waiting and not failing.
 * The limits hold per user: another process may empty a bucket meanwhile, and the next answer tells.
 */
export interface Pacer {
  /** Returns when a request of this bucket may be sent. */
  take(bucket: string): Promise<void>;
  /** Learns from the headers of an answer. A refused request (429) leaves the bucket empty. */
  learn(bucket: string, headers: Headers, refused: boolean): void;
  /** Milliseconds until the next request is let through, or null when the vendor said nothing of its limits. */
  wait(bucket: string): number | null;
}

interface Bucket {
  tokens: number;
  at: number;
  readonly perSecond: number;
  readonly burst: number;
  readonly cost: number;
}

export function createPacer(options: {
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}): Pacer {
  const { clock, sleep } = options;
  const buckets = new Map<string, Bucket>();

  const refill = (bucket: Bucket): void => {
    const now = clock();
    bucket.tokens = Math.min(bucket.burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * bucket.perSecond);
    bucket.at = now;
  };
  const wait = (name: string): number | null => {
    const bucket = buckets.get(name);
    if (!bucket) return null;
    refill(bucket);
    return Math.ceil((Math.max(0, bucket.cost - bucket.tokens) / bucket.perSecond) * 1000);
  };

  return {
    wait,
    take: async (name) => {
      for (let ms = wait(name); ms !== null && ms > 0; ms = wait(name)) await sleep(ms);
      const bucket = buckets.get(name);
      if (bucket) bucket.tokens -= bucket.cost;
    },
    learn: (name, headers, refused) => {
      const perSecond = number(headers, 'x-ratelimit-replenish-rate');
      const burst = number(headers, 'x-ratelimit-burst-capacity');
      const remaining = number(headers, 'x-ratelimit-remaining');
      if (!perSecond || !burst || remaining === null) return;
      const cost = number(headers, 'x-ratelimit-requested-tokens') || 1;
      const known = buckets.get(name);
      if (known) refill(known);
      // Requests under way are not in the vendor's number yet, but they are in ours.
      const tokens = refused ? 0 : Math.min(remaining, known?.tokens ?? remaining);
      buckets.set(name, { tokens, at: clock(), perSecond, burst: Math.max(burst, cost), cost });
    },
  };
}

function number(headers: Headers, name: string): number | null {
  const value = Number(headers.get(name) ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : null;
}
