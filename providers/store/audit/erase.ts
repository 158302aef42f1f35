import type { AuditEntry, AuditEvent } from '../../../schemas/audit.ts';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import { storeError } from '../mongodb/errors.ts';
import { findEvent } from './append.ts';
import type { AuditCollections } from './collections.ts';

export interface Erasure {
  readonly eventId: string;
  /** Directory subject of the person who asked for it. */
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

/** Recorded before it is done: a payload that is gone without such a record counts as tampering. */
export async function erasePayload(
  at: AuditCollections,
  append: (entry: AuditEntry) => Promise<AuditEvent>,
  erasure: Erasure,
): Promise<void> {
  const event = await findEvent(at, erasure.eventId);
  if (!event)
    throw storeError('audit.erase', ProviderErrorKind.NotFound, `there is no event ${JSON.stringify(erasure.eventId)}`);
  if (event.type === 'PAYLOAD_ERASED')
    throw storeError('audit.erase', ProviderErrorKind.Terminal, 'the record of an erasure cannot be erased');
  await append({
    stream: 'system',
    eventId: `erase/${erasure.eventId}`,
    type: 'PAYLOAD_ERASED',
    at: erasure.at,
    actor: { kind: 'human', id: erasure.by },
    subject: erasure.eventId,
    payload: { eventId: erasure.eventId, reason: erasure.reason },
  });
  await at.run('audit.erase', () => at.payloads.deleteOne({ _id: event.payloadDigest }));
}
