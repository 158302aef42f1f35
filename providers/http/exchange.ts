export type Fetch = typeof globalThis.fetch;

export interface Bounds {
  /** For connecting, the headers and the whole body together, in milliseconds. */
  readonly timeoutMs: number;
  /** Answers longer than this are refused. */
  readonly maxBytes: number;
  /** @default globalThis.fetch */
  readonly fetch?: Fetch | undefined;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The whole exchange took longer than it may. */
export class DeadlinePassed extends Error {
  readonly timeoutMs: number;
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
    this.name = 'TimeoutError';
    this.timeoutMs = timeoutMs;
  }
}

/** The answer is longer than anything this API may say. */
export class AnswerTooLarge extends Error {
  readonly maxBytes: number;
  constructor(maxBytes: number) {
    super(`the answer is larger than ${maxBytes} bytes`);
    this.name = 'AnswerTooLarge';
    this.maxBytes = maxBytes;
  }
}

/**
 * A fetch that ends: it takes no longer than it may, body included, reads no more than it may, and follows no redirect, which
 * would carry the token elsewhere; the 3xx itself is the answer. For clients that take a fetch of ours as well.
 */
export function boundedFetch({ timeoutMs, maxBytes, fetch }: Bounds): Fetch {
  return async (input, init) => {
    const deadline = new AbortController();
    const passed = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener('abort', () => reject(new DeadlinePassed(timeoutMs)), { once: true });
    });
    passed.catch(() => undefined);
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, deadline.signal]) : deadline.signal;
    // Raced as well: a fetch, or a body, that does not listen to its signal must not hold the call up.
    const race = <T>(step: Promise<T>) => Promise.race([step, passed]);
    try {
      const response = await race((fetch ?? globalThis.fetch)(input, { ...init, signal, redirect: 'manual' }));
      const body = await race(readUpTo(response, maxBytes, signal));
      return rebuilt(response, body);
    } catch (error) {
      if (deadline.signal.aborted) throw new DeadlinePassed(timeoutMs);
      throw error;
    } finally {
      clearTimeout(timer);
      // Whatever still runs after a refusal, such as the rest of a body that is too long.
      deadline.abort();
    }
  };
}

async function readUpTo(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!response.body) return null;
  const stated = Number(response.headers.get('content-length') ?? 0);
  if (stated > maxBytes && !response.headers.has('content-encoding')) throw new AnswerTooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AnswerTooLarge(maxBytes);
    if (signal.aborted) break;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function rebuilt(response: Response, body: Uint8Array<ArrayBuffer> | null): Response {
  const headers = new Headers(response.headers);
  // The body is decoded by now.
  headers.delete('content-encoding');
  headers.delete('content-length');
  const bodyless = response.status === 204 || response.status === 205 || response.status === 304;
  return new Response(bodyless || body === null ? null : body, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}
