import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sha256 } from '../../schemas/digest.ts';
import type { CacheStore } from '../../ports/store.ts';
import type { Admitted } from '../chat/interaction.ts';
import type { RefusalCode } from '../../decisions/refusals.ts';
import { type NotAdmitted, one, readBody, takeDelivery } from '../chat/request.ts';

export type Admission = ({ readonly admitted: true } & Admitted) | NotAdmitted;

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
      const key = `slack-request/${sha256(`${signature}\n${timestamp}`)}`;
      const delivery = await takeDelivery(deps.cache, key, { now: deps.now, rememberMs: deps.replayMemoryMs });
      if (delivery === 'replayed') return refused(delivery);
      return { admitted: true, requestHash, delivery: delivery === 'unknown' ? null : delivery };
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
