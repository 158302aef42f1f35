import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheStore, Store } from '../../ports/store.ts';
import type { RefusalCode } from '../../decisions/refusals.ts';

const BODY_LIMIT = 1024 * 1024;
/** Chat systems want their answer within seconds, also when the records are slow to say that they are down. */
const CLAIM_WITHIN_MS = 1_500;

/** A request that is refused before anybody reads it. */
export interface NotAdmitted {
  readonly admitted: false;
  readonly status: 400 | 401 | 413 | 503;
  readonly reason: RefusalCode;
  /** For the trail, not for whoever sent it. */
  readonly detail?: string;
  readonly requestHash: string;
}

/** The raw bytes of a request, or null when they are too many. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Left open on return: the refusal has to reach the sender before the connection goes.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A header that came exactly once. */
export const one = (header: string | string[] | undefined): string => (typeof header === 'string' ? header : '');

export function sendRefusal(request: IncomingMessage, response: ServerResponse, refusal: NotAdmitted): void {
  const unread = refusal.status === 413;
  // A connection whose body was not read to its end would stall whatever is sent on it next.
  response
    .writeHead(refusal.status, { 'content-type': 'text/plain', ...(unread && { connection: 'close' }) })
    .end(refusal.reason, () => void (unread && request.destroy()));
}

/** A request that was admitted: taken by this process until it says what became of it. */
export interface Delivery {
  /** It was handled: every later copy is a replay. */
  done(): Promise<void>;
  /** It was not: a copy may try again. */
  release(): Promise<void>;
}

/** Longer than any interaction takes; a process that dies with one gives it back after this. */
const LEASE_MS = 60_000;

/**
 * Takes a request, unless a copy of it is being handled or was. `unknown` when the records do not say so in time: it is then
 * let through only to be refused with an explanation.
 */
export async function takeDelivery(
  cache: Pick<CacheStore, 'claim'>,
  key: string,
  { now, rememberMs }: { now: () => number; rememberMs: number },
): Promise<Delivery | 'replayed' | 'unknown'> {
  const at = (ms: number) => new Date(now() + ms).toISOString();
  try {
    const claim = await inTime(cache.claim(key, at(LEASE_MS)));
    if (claim.state !== 'taken') return 'replayed';
    return { done: () => claim.done(at(rememberMs)), release: () => claim.release() };
  } catch {
    return 'unknown';
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  // Whoever loses the race must not be an unhandled rejection later.
  work.catch(() => undefined);
  const late = new AbortController();
  const timeout = sleep(CLAIM_WITHIN_MS, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error('the records did not answer in time');
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    late.abort();
    timeout.catch(() => undefined);
  }
}

/** `GET /healthz`: whether the records answer. */
export async function answerHealth(check: Store['check'], response: ServerResponse): Promise<void> {
  const [status, body] = await check().then(
    (store) => [200, { ok: true, store }] as const,
    () => [503, { ok: false, store: 'unavailable' }] as const,
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
