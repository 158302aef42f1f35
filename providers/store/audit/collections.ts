import type { Collection, IndexDescription } from 'mongodb';
import type { Connection, Document } from '../mongodb/connect.ts';

/** `_id` of an event is its eventId, of a payload its salted digest, of a checkpoint its number as text. */
export interface AuditCollections {
  readonly events: Collection<Document>;
  readonly payloads: Collection<Document>;
  readonly checkpoints: Collection<Document>;
  readonly run: Connection['run'];
}

export const AUDIT_INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  audit_events: [{ name: 'place', key: { stream: 1, seq: 1 }, unique: true }],
  audit_checkpoints: [{ name: 'number', key: { number: 1 }, unique: true }],
};

export function auditCollections(connection: Connection): AuditCollections {
  return {
    events: connection.durable('audit_events'),
    payloads: connection.durable('audit_payloads'),
    checkpoints: connection.durable('audit_checkpoints'),
    run: connection.run,
  };
}
