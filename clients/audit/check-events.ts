import { canonicalJson } from '../../schemas/digest.ts';
import { eventHash, GENESIS, payloadDigest } from '../../providers/store/audit/format.ts';
import { type Promised, placeKey } from './check-checkpoints.ts';
import { type Problem, ProblemKind, problem } from './problem.ts';
import type { EventLine } from './shapes.ts';

export interface EventCheck {
  accept(line: EventLine, promised: ReadonlyMap<string, Promised>): Problem | null;
  /** What can only be judged at the end: promised links that never came, payloads gone without a record. */
  finish(promised: ReadonlyMap<string, Promised>): Problem | null;
  counts(): { streams: number; events: number; payloads: number; erased: number };
}

export function createEventCheck(): EventCheck {
  /** Last sequence number of every stream seen. */
  const ends = new Map<string, number>();
  const kept = new Set<string>();
  const missing = new Map<string, { stream: string; seq: number }>();
  const erasures = new Set<string>();
  let current: { stream: string; hash: string } | null = null;
  let events = 0;
  let payloads = 0;

  return {
    counts: () => ({ streams: ends.size, events, payloads, erased: missing.size }),

    accept({ event, payload }, promised) {
      const place = { stream: event.stream, seq: event.seq };
      const wrong = (kind: ProblemKind, why: string) =>
        problem(kind, `${event.stream} ${event.seq} (${event.eventId}): ${why}`, place);
      const { hash, ...body } = event;
      events++;
      if (current?.stream !== event.stream) {
        if (ends.has(event.stream)) return wrong(ProblemKind.StreamRepeated, 'the stream was already complete');
        current = { stream: event.stream, hash: GENESIS };
      }
      const expected = (ends.get(event.stream) ?? 0) + 1;
      ends.set(event.stream, event.seq);
      const prevHash = current.hash;
      current = { stream: event.stream, hash };

      if (event.seq !== expected) return wrong(ProblemKind.SequenceGap, `expected number ${expected}`);
      if (event.prevHash !== prevHash)
        return wrong(ProblemKind.ChainBroken, 'does not follow from the event before it');
      if (eventHash(body) !== hash) return wrong(ProblemKind.HashMismatch, 'does not match its hash');
      const vouched = promised.get(placeKey(event.stream, event.seq));
      if (vouched) {
        if (vouched.hash !== hash)
          return wrong(ProblemKind.HistoryRewritten, `is not what checkpoint ${vouched.checkpoint} signed`);
        kept.add(placeKey(event.stream, event.seq));
      }
      if (payload === null) {
        missing.set(event.eventId, place);
        return null;
      }
      payloads++;
      if (payloadDigest(payload.salt, canonicalJson(payload.body)) !== event.payloadDigest)
        return wrong(ProblemKind.PayloadChanged, 'the payload does not match its digest');
      if (event.type === 'PAYLOAD_ERASED') erasures.add(event.subject);
      return null;
    },

    finish(promised) {
      for (const [id, place] of missing)
        if (!erasures.has(id))
          return problem(
            ProblemKind.PayloadMissing,
            `${place.stream} ${place.seq} (${id}): the payload is gone and no erasure is recorded`,
            place,
          );
      for (const [id, head] of promised) {
        if (kept.has(id)) continue;
        const end = ends.get(head.stream);
        return end === undefined
          ? problem(
              ProblemKind.StreamDropped,
              `checkpoint ${head.checkpoint} signed stream ${head.stream}, which is gone`,
              {
                stream: head.stream,
                seq: 1,
              },
            )
          : problem(
              ProblemKind.TailCut,
              `checkpoint ${head.checkpoint} signed stream ${head.stream} up to ${head.seq}, but it ends at ${end}`,
              { stream: head.stream, seq: end + 1 },
            );
      }
      return null;
    },
  };
}
