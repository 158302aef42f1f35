import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '../../providers/digest.ts';
import type { CacheStore } from '../../providers/store/port.ts';
import type { RefusalCode } from './refusals.ts';

const BODY_LIMIT = 1024 * 1024;
/** Slack wants its answer within three seconds, also when the records are slow to say that they are down. */
const CLAIM_WITHIN_MS = 1_500;

export type Admission =
  | { readonly admitted: true; readonly requestHash: string; readonly recordsDown: boolean }
  | {
      readonly admitted: false;
      readonly status: 401 | 413;
      readonly reason: RefusalCode;
      readonly requestHash: string;
    };

export interface Gate {
  /** Decides on the raw bytes, before anything is parsed. Leaves them in `rawBody`, where Bolt looks for them. */
  admit(request: IncomingMessage & { rawBody?: Buffer }): Promise<Admission>;
}

/**
 * Signature, freshness both ways, and replay. Bolt checks the signature and staleness again; it accepts timestamps from
 * the future and the same request twice, so those two are ours alone.
 */
export function createGate(deps: {
  signingSecret: string;
  cache: Pick<CacheStore, 'claim'>;
  now: () => number;
  maxSkewSeconds: number;
  replayMemoryMs: number;
}): Gate {
  return {
    admit: async (request) => {
      const body = await readBody(request);
      const timestamp = one(request.headers['x-slack-request-timestamp']);
      const signature = one(request.headers['x-slack-signature']);
      const requestHash = sha256(`${signature}\n${timestamp}\n${body === null ? '' : sha256(body)}`);
      if (body === null) return { admitted: false, status: 413, reason: 'bad-signature', requestHash };
      request.rawBody = body;
      const refused = (reason: RefusalCode): Admission => ({ admitted: false, status: 401, reason, requestHash });

      if (!/^\d{1,12}$/.test(timestamp) || !genuine({ secret: deps.signingSecret, timestamp, signature, body }))
        return refused('bad-signature');
      const age = deps.now() / 1000 - Number(timestamp);
      if (age > deps.maxSkewSeconds) return refused('stale-timestamp');
      if (-age > deps.maxSkewSeconds) return refused('future-timestamp');
      try {
        const until = new Date(deps.now() + deps.replayMemoryMs).toISOString();
        const key = `slack-request/${sha256(`${signature}\n${timestamp}`)}`;
        if (!(await inTime(deps.cache.claim(key, until)))) return refused('replayed');
      } catch {
        // Genuine, but it cannot be told whether it is new: it goes on only to be refused with an explanation.
        return { admitted: true, requestHash, recordsDown: true };
      }
      return { admitted: true, requestHash, recordsDown: false };
    },
  };
}

function genuine(request: { secret: string; timestamp: string; signature: string; body: Buffer }): boolean {
  const expected = createHmac('sha256', request.secret)
    .update(`v0:${request.timestamp}:`)
    .update(request.body)
    .digest();
  const match = /^v0=([0-9a-f]{64})$/.exec(request.signature);
  const given = Buffer.from(match?.[1] ?? '', 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
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

const one = (header: string | string[] | undefined): string => (typeof header === 'string' ? header : '');

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
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
