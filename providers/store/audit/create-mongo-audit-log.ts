import type { KeyObject } from 'node:crypto';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { AuditLog } from '../../../ports/audit.ts';
import { connect, type MongoOptions } from '../mongodb/connect.ts';
import { key as text } from '../mongodb/documents.ts';
import { storeError } from '../mongodb/errors.ts';
import { ensureIndexes } from '../mongodb/indexes.ts';
import { createAnchors } from './anchors.ts';
import { checkStored, createAppend, findEvent, payloadOf } from './append.ts';
import { createCheckpointer } from './checkpoint.ts';
import { AUDIT_INDEXES, auditCollections } from './collections.ts';
import { type Erasure, erasePayload } from './erase.ts';
import { exportAudit, pages } from './export.ts';
import { currentHeads } from './heads.ts';
import { signingKey } from '../../signing/keys.ts';
import { createQueues } from './queues.ts';

export interface MongoAuditOptions extends MongoOptions {
  /** Ed25519 private key, PKCS #8 PEM. Null for the many that only append: they cannot sign checkpoints or exports. */
  readonly signingKeyPem: string | null;
  /** Folder outside the database, append-only in production. */
  readonly anchorDir: string;
  /** How long one append may compete for the next place in its stream. @default 5000 */
  readonly appendTimeoutMs?: number;
  /** Wall clock, for the date written into exports. @default () => new Date() */
  readonly clock?: () => Date;
}

export interface MongoAuditLog extends AuditLog {
  /** The whole trail as JSON lines; verifies offline with clients/audit/verify.ts. */
  export(): AsyncGenerator<string, void, undefined>;
  /** Removes an event's payload and salt and records that it did. The chain stays verifiable. */
  erase(erasure: Erasure): Promise<void>;
  /** File of the newest anchored checkpoint, or null. */
  latestAnchor(): Promise<string | null>;
  close(): Promise<void>;
}

/** The trail in MongoDB. @throws ProviderError `unavailable` when nobody answers; Error when the key is unusable. */
export async function createMongoAuditLog(options: MongoAuditOptions): Promise<MongoAuditLog> {
  const key = options.signingKeyPem === null ? null : signingKey(options.signingKeyPem);
  const connection = await connect(options);
  try {
    await ensureIndexes(connection, AUDIT_INDEXES);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const at = auditCollections(connection);
  const anchors = createAnchors(options.anchorDir);
  const checkpoint = createCheckpointer(at, anchors);
  const queues = createQueues();
  const appendNow = createAppend(at, options.appendTimeoutMs ?? 5000);
  const append: AuditLog['append'] = (entry) => queues.run(entry.stream, () => appendNow(entry));
  const clock = options.clock ?? (() => new Date());

  return {
    append,
    has: async (eventId) => (await findEvent(at, text(eventId, 'eventId'))) !== null,
    async read(eventId) {
      const event = await findEvent(at, text(eventId, 'eventId'));
      return event && { event, payload: await payloadOf(at, event) };
    },
    async *stream(stream) {
      for await (const { event, payload } of pages(at, { stream: text(stream, 'stream') }))
        yield {
          ...checkStored(event),
          payload: (payload?.body as Record<string, unknown> | undefined) ?? null,
          salt: payload?.salt ?? null,
        };
    },
    streams: async () => (await currentHeads(at)).map((head) => head.stream),
    checkpoint: async (when) => checkpoint(when, needed(key, 'audit.checkpoint')),
    export: () => exportAudit(at, needed(key, 'audit.export'), clock().toISOString()),
    erase: (erasure) => erasePayload(at, append, erasure),
    async latestAnchor() {
      const number = await anchors.latest();
      return number === 0 ? null : anchors.path(number);
    },
    close: () => connection.close(),
  };
}

function needed(key: KeyObject | null, operation: string): KeyObject {
  if (key) return key;
  const message = 'this process was started without the audit signing key; run it where audit.signingKey is readable';
  throw storeError(operation, ProviderErrorKind.Unauthorised, message);
}
