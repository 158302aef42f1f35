import { setTimeout as delay } from 'node:timers/promises';
import { ProviderError, ProviderErrorKind } from '../../ports/errors.ts';

/** At most `requests` in any span of `perMs` milliseconds. */
export interface Limit {
  readonly requests: number;
  readonly perMs: number;
}

/** Headers in which a vendor describes its token bucket; numbers. */
export interface BucketHeaders {
  /** Tokens a second. */
  readonly rate: string;
  readonly burst: string;
  readonly remaining: string;
  /** Tokens one request takes. */
  readonly cost: string;
}

export interface PacerOptions {
  readonly provider: string;
  /** Where the limits are configured, for the message. */
  readonly field: string;
  /** Hold for each part of the API by itself. @default none: only `pause` and what answers say keep the pace */
  readonly limits?: readonly Limit[];
  /** Waits longer than this are refused instead. */
  readonly longestWaitMs: number;
  readonly bucket?: BucketHeaders;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** @default a timer */
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
}

/**
 * Keeps requests within a vendor's limits, so that a limit is waited for instead of being run into. One for each credential;
 * other processes with the same credential are not seen, which is what `pause` and `learn` are for.
 */
export interface Pacer {
  /** Resolves when a request to this part of the API may leave. @throws ProviderError `retry-after` when nobody should wait so long */
  take(operation: string, part?: string): Promise<void>;
  /** Nothing leaves for so long: the vendor has refused. */
  pause(ms: number, part?: string): void;
  /** What an answer says of the vendor's bucket. `refused`: it is empty. */
  learn(headers: Headers, refused: boolean, part?: string): void;
  /** Milliseconds until the next request would be let through. */
  waitMs(part?: string): number;
  /** Milliseconds until the oldest request counted against the limits is forgotten; null when there is none. */
  oldestFreeMs(part?: string): number | null;
}

interface Bucket {
  tokens: number;
  at: number;
  readonly perSecond: number;
  readonly burst: number;
  readonly cost: number;
}
interface Part {
  readonly sent: number[];
  notBefore: number;
  bucket: Bucket | null;
  queue: Promise<unknown>;
}

/** A vendor counts when a request arrives, we when it leaves. */
const MARGIN = 1.02;
const MARGIN_MS = 20;
/** However the clock goes, a request leaves some day. */
const MOST_TURNS = 20;

export function createPacer(options: PacerOptions): Pacer {
  const { provider, field, limits = [], longestWaitMs, clock, sleep = (ms) => delay(ms) } = options;
  const keep = Math.max(1, ...limits.map((l) => l.requests));
  const parts = new Map<string, Part>();
  const partOf = (name: string): Part => {
    const found = parts.get(name) ?? { sent: [], notBefore: 0, bucket: null, queue: Promise.resolve() };
    parts.set(name, found);
    return found;
  };
  const waitOfPart = (part: Part): number => {
    const now = clock();
    const free = limits.map(({ requests, perMs }) => {
      const oldest = part.sent.at(-requests);
      return oldest === undefined ? 0 : oldest + perMs * MARGIN + MARGIN_MS - now;
    });
    return Math.ceil(Math.max(0, part.notBefore - now, bucketWait(part.bucket, now), ...free));
  };
  const next = async (part: Part, operation: string): Promise<void> => {
    // Again after each wait: meanwhile an answer may have told something else.
    for (let turn = 0, waited = 0; turn < MOST_TURNS; turn++) {
      const wait = waitOfPart(part);
      if (wait === 0) break;
      if (waited + wait > longestWaitMs) throw tooLong(operation, wait);
      waited += wait;
      await sleep(wait);
    }
    if (part.bucket) part.bucket.tokens -= part.bucket.cost;
    part.sent.push(clock());
    if (part.sent.length > keep) part.sent.shift();
  };
  const tooLong = (operation: string, waitMs: number) =>
    new ProviderError({
      kind: ProviderErrorKind.RetryAfter,
      provider,
      operation,
      message: `the next request has to wait ${Math.ceil(waitMs / 1000)} s for its turn within ${field}; ask for less at a time`,
      retryAfterMs: Math.max(1000, waitMs),
    });

  return {
    take(operation, name = '') {
      const part = partOf(name);
      const own = part.queue.then(() => next(part, operation));
      part.queue = own.catch(() => undefined);
      return own;
    },
    pause(ms, name = '') {
      const part = partOf(name);
      part.notBefore = Math.max(part.notBefore, clock() + ms);
    },
    learn(headers, refused, name = '') {
      const part = partOf(name);
      if (options.bucket)
        part.bucket = bucketOf(options.bucket, { headers, refused, known: part.bucket, now: clock() });
    },
    waitMs: (name = '') => waitOfPart(partOf(name)),
    oldestFreeMs(name = '') {
      const longest = Math.max(0, ...limits.map((l) => l.perMs));
      const oldest = partOf(name).sent.find((at) => at + longest > clock());
      return oldest === undefined ? null : oldest + longest - clock();
    },
  };
}

function refill(bucket: Bucket, now: number): number {
  bucket.tokens = Math.min(bucket.burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * bucket.perSecond);
  bucket.at = now;
  return bucket.tokens;
}

function bucketWait(bucket: Bucket | null, now: number): number {
  if (bucket === null) return 0;
  return (Math.max(0, bucket.cost - refill(bucket, now)) / bucket.perSecond) * 1000;
}

function bucketOf(
  names: BucketHeaders,
  seen: { headers: Headers; refused: boolean; known: Bucket | null; now: number },
): Bucket | null {
  const { headers, refused, known, now } = seen;
  const number = (name: string): number | null => {
    const value = Number(headers.get(name) ?? Number.NaN);
    return Number.isFinite(value) && value >= 0 ? value : null;
  };
  const [perSecond, burst, remaining] = [number(names.rate), number(names.burst), number(names.remaining)];
  if (!perSecond || !burst || remaining === null) return known;
  const cost = number(names.cost) || 1;
  // Requests under way are not in the vendor's number yet, but they are in ours.
  const tokens = refused ? 0 : Math.min(remaining, known ? refill(known, now) : remaining);
  return { tokens, at: now, perSecond, burst: Math.max(burst, cost), cost };
}
