import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditEntry, AuditEvent } from '../../../schemas/audit.ts';
import { canonicalJson } from '../../../schemas/digest.ts';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import { isDuplicateKey, storeError } from '../mongodb/errors.ts';
import type { AuditCollections } from './collections.ts';
import { eventHash, GENESIS, payloadDigest } from './format.ts';

/** Larger evidence belongs in the store under an evidence id; the trail keeps its digest. */
const MAX_PAYLOAD_BYTES = 8_000_000;

/** @param budgetMs how long to go on when other writers keep taking the next place in the stream. */
export function createAppend(at: AuditCollections, budgetMs: number): (entry: AuditEntry) => Promise<AuditEvent> {
  return async (raw) => {
    const entry = checkEntry(raw);
    const text = payloadText(raw.payload, entry.eventId);
    const salt = randomBytes(16).toString('hex');
    const digest = payloadDigest(salt, text);
    // The payload goes first: an event without its payload would look erased; a payload without its event is harmless.
    await at.run('audit.payload', () => at.payloads.insertOne({ _id: digest, salt, text }));

    const deadline = Date.now() + budgetMs;
    for (;;) {
      const head = await lastOf(at, entry.stream);
      const body = {
        v: 1 as const,
        stream: entry.stream,
        seq: (head?.seq ?? 0) + 1,
        eventId: entry.eventId,
        type: entry.type,
        at: entry.at,
        actor: entry.actor,
        subject: entry.subject,
        payloadDigest: digest,
        prevHash: head?.hash ?? GENESIS,
      };
      const event: AuditEvent = { ...body, hash: eventHash(body) };
      try {
        await at.run('audit.append', () => at.events.insertOne({ _id: event.eventId, ...event }));
        return event;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const rival = await findEvent(at, entry.eventId);
      if (rival) {
        await at.run('audit.payload', () => at.payloads.deleteOne({ _id: digest }));
        return sameOrRefuse(at, { known: rival, entry, text });
      }
      if (Date.now() >= deadline)
        throw storeError(
          'audit.append',
          ProviderErrorKind.Unavailable,
          `stream ${entry.stream} stayed contended for ${budgetMs} ms; try again`,
        );
      await sleep(1 + Math.random() * 20);
    }
  };
}

export async function findEvent(at: AuditCollections, eventId: string): Promise<AuditEvent | null> {
  const raw = await at.run('audit.get', () => at.events.findOne({ _id: eventId }));
  return raw && checkStored(raw);
}

/** Null when it was erased. @throws ProviderError malformed when it is not the payload this event was written with */
export async function payloadOf(at: AuditCollections, event: AuditEvent): Promise<Record<string, unknown> | null> {
  const { hash, ...body } = event;
  const stored = await at.run('audit.payload', () => at.payloads.findOne({ _id: event.payloadDigest }));
  const { salt, text } = stored ?? { salt: null, text: null };
  if (eventHash(body) === hash) {
    if (stored === null) return null;
    if (typeof salt === 'string' && typeof text === 'string' && payloadDigest(salt, text) === event.payloadDigest)
      return JSON.parse(text) as Record<string, unknown>;
  }
  throw storeError(
    'audit.read',
    ProviderErrorKind.Malformed,
    `event ${event.eventId} was changed after it was written; run idlewise audit verify`,
  );
}

/** @throws ProviderError malformed: a damaged row must stop the writer, not be built upon. */
export function checkStored(raw: unknown): AuditEvent {
  const parsed = AuditEvent.safeParse(raw);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw storeError(
    'audit.read',
    ProviderErrorKind.Malformed,
    `a stored event's field ${field} is malformed; run idlewise audit verify`,
  );
}

async function lastOf(at: AuditCollections, stream: string): Promise<AuditEvent | null> {
  const [raw] = await at.run('audit.head', () => at.events.find({ stream }).sort({ seq: -1 }).limit(1).toArray());
  if (!raw) return null;
  const { hash, ...body } = checkStored(raw);
  if (eventHash(body) === hash) return { ...body, hash };
  const message = `the last event of ${stream} does not match its hash, and nothing is built upon it; run idlewise audit verify`;
  throw storeError('audit.append', ProviderErrorKind.Malformed, message);
}

async function sameOrRefuse(
  at: AuditCollections,
  { known, entry, text }: { known: AuditEvent; entry: AuditEntry; text: string },
): Promise<AuditEvent> {
  const stored = await at.run('audit.payload', () => at.payloads.findOne({ _id: known.payloadDigest }));
  const samePlace = known.stream === entry.stream && known.type === entry.type && known.subject === entry.subject;
  const samePayload = typeof stored?.salt === 'string' && payloadDigest(stored.salt, text) === known.payloadDigest;
  if (samePlace && samePayload) return known;
  const what = samePlace ? (stored ? 'another payload' : 'a payload erased since') : 'another stream, type or subject';
  throw storeError(
    'audit.append',
    ProviderErrorKind.Terminal,
    `IDEMPOTENCY_MISMATCH: event ${entry.eventId} is already recorded with ${what}`,
  );
}

function checkEntry(raw: AuditEntry): AuditEntry {
  const parsed = AuditEntry.omit({ payload: true }).safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw storeError(
      'audit.append',
      ProviderErrorKind.Terminal,
      `field ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is malformed'}`,
    );
  }
  const { actor, ...rest } = parsed.data;
  const text = (value: string) => value.toWellFormed();
  // The database keeps text as UTF-8; half a surrogate pair would come back as something else and break the hash.
  return {
    ...rest,
    eventId: text(rest.eventId),
    stream: text(rest.stream),
    subject: text(rest.subject),
    actor: { ...actor, id: text(actor.id) },
    payload: {},
  };
}

function payloadText(payload: unknown, eventId: string): string {
  const refuse = (why: string) =>
    storeError('audit.append', ProviderErrorKind.Terminal, `the payload of ${eventId} ${why}`);
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) throw refuse('must be an object');
  let text: string;
  try {
    text = canonicalJson(wellFormed(payload));
  } catch (error) {
    throw refuse(`has no canonical JSON form: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES)
    throw refuse(`is larger than ${MAX_PAYLOAD_BYTES} bytes; store it as evidence and name its id`);
  return text;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k.toWellFormed(), wellFormed(v)]));
}
