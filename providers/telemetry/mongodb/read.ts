import pLimit from 'p-limit';
import { z } from 'zod';
import { IsoInstant } from '../../../schemas/time.ts';
import type { AuditCollections } from '../../store/audit/collections.ts';
import type { Document } from '../../store/mongodb/connect.ts';
import type { Fields, Range, TrailEvent, TrailQuery, TrailRow } from '../../../ports/trail.ts';

const StoredEvent = z.object({
  stream: z.string(),
  seq: z.number().int(),
  eventId: z.string(),
  type: z.string(),
  at: IsoInstant,
  actor: z.object({ kind: z.string(), id: z.string() }),
  subject: z.string(),
  hash: z.string(),
});

const QUERIES_AT_ONCE = 8;
const PAYLOADS_PER_QUERY = 200;

/** Rows of the ranges, in order. A damaged row is named and does not stop the others: judging it is verify's work. */
export async function readRows(at: AuditCollections, query: TrailQuery): Promise<readonly TrailRow[]> {
  const limit = pLimit(QUERIES_AT_ONCE);
  // One query per stream walks the unique index (stream, seq); an $or over many made some servers read every event.
  const raws = (await limit.map(query.ranges, (range) => eventsOf(at, range, query.types))).flat();
  const fields = await pickFields(at, query, raws);
  return raws.map((raw) => rowOf(raw, fields.get(String(raw.payloadDigest)) ?? {}));
}

function eventsOf(
  at: AuditCollections,
  { stream, after, upTo }: Range,
  types: TrailQuery['types'],
): Promise<readonly Document[]> {
  const where = { stream, seq: { $gt: after, $lte: upTo }, ...(types && { type: { $in: [...types] } }) };
  return at.run('telemetry.read', () => at.events.find(where).sort({ stream: 1, seq: 1 }).toArray());
}

async function pickFields(
  at: AuditCollections,
  query: TrailQuery,
  raws: readonly Document[],
): Promise<ReadonlyMap<string, Fields>> {
  const typeOf = new Map<string, string>();
  for (const raw of raws)
    if (typeof raw.payloadDigest === 'string' && typeof raw.type === 'string' && query.wants(raw.type))
      typeOf.set(raw.payloadDigest, raw.type);
  const picked = new Map<string, Fields>();
  const digests = [...typeOf.keys()];
  for (let start = 0; start < digests.length; start += PAYLOADS_PER_QUERY) {
    const where = { _id: { $in: digests.slice(start, start + PAYLOADS_PER_QUERY) } };
    const found = await at.run('telemetry.payloads', () => at.payloads.find(where).toArray());
    for (const { _id, text } of found) picked.set(_id, query.pick(typeOf.get(_id) ?? '', jsonOf(text)));
  }
  return picked;
}

function jsonOf(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

function rowOf(raw: Document, fields: Fields): TrailRow {
  const place = { stream: String(raw.stream), seq: Number(raw.seq), fields };
  const parsed = StoredEvent.safeParse(raw);
  if (parsed.success) return { ...place, event: parsed.data satisfies TrailEvent, problem: null };
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  return {
    ...place,
    event: null,
    problem: `the stored event's field ${field} is malformed; run idlewise audit verify`,
  };
}
