export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
}

/** A vendor's limit: so many requests in any window. Refused ones do not count. */
export function createRateWindow({ requests, perMs }: RateLimit, clock: () => number) {
  let taken: number[] = [];
  return {
    /** False when this request is one too many. */
    take(): boolean {
      const now = clock();
      taken = taken.filter((at) => at > now - perMs);
      if (taken.length >= requests) return false;
      taken.push(now);
      return true;
    },
  };
}
