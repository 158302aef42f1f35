/** At most `requests` in any span of `perMs` milliseconds. */
export interface Limit {
  readonly requests: number;
  readonly perMs: number;
}

export interface PacerOptions {
  /** Waits longer than this are refused instead. */
  readonly longestWaitMs: number;
  /** @default Date.now */
  readonly clock?: () => number;
  /** @default a timer */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** The next request would have to wait longer than anybody should. */
export class WaitTooLong extends Error {
  readonly waitMs: number;
  constructor(waitMs: number) {
    super(`the next request has to wait ${Math.ceil(waitMs / 1000)} s`);
    this.waitMs = waitMs;
  }
}

/** A vendor counts when a request arrives, we when it leaves. */
const MARGIN = 1.02;
const MARGIN_MS = 20;

/**
 * Keeps requests within a vendor's published limits, so that a limit is waited for instead of being run into. One pacer per
 * credential; other processes with the same credential are not seen, which is what a 429 and `pause` are for.
 */
export function createPacer(limits: readonly Limit[], options: PacerOptions) {
  const {
    longestWaitMs,
    clock = Date.now,
    sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  } = options;
  const keep = Math.max(1, ...limits.map((l) => l.requests));
  const sent: number[] = [];
  let notBefore = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const waitMs = (now: number): number => {
    const free = limits.map(({ requests, perMs }) => {
      const oldest = sent.at(-requests);
      return oldest === undefined ? 0 : oldest + perMs * MARGIN + MARGIN_MS;
    });
    return Math.max(0, notBefore - now, ...free.map((at) => at - now));
  };

  const next = async (): Promise<void> => {
    const wait = waitMs(clock());
    if (wait > longestWaitMs) throw new WaitTooLong(wait);
    if (wait > 0) await sleep(wait);
    sent.push(clock());
    if (sent.length > keep) sent.shift();
  };

  return {
    /** Resolves when a request may leave. @throws WaitTooLong */
    take(): Promise<void> {
      const own = queue.then(next);
      queue = own.catch(() => undefined);
      return own;
    },
    /** Nothing leaves for so long: the vendor has refused. */
    pause(ms: number): void {
      notBefore = Math.max(notBefore, clock() + ms);
    },
  };
}
export type Pacer = ReturnType<typeof createPacer>;
