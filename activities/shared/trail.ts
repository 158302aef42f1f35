import type { AuditLog } from '../../ports/audit.ts';
import type { AuditEntry, AuditEventType } from '../../schemas/audit.ts';

export interface Trail {
  /** Appends once per `key` within this remediation; a retry with the same key is a no-op. */
  record(
    type: AuditEventType,
    key: string,
    payload: Record<string, unknown>,
    actor?: AuditEntry['actor'],
  ): Promise<void>;
  has(type: AuditEventType, key: string): Promise<boolean>;
  eventId(type: AuditEventType, key: string): string;
}

const SERVICE: AuditEntry['actor'] = { kind: 'service', id: 'idlewise' };

/** The audit stream of one remediation. Whoever cannot append must not act. */
export function remediationTrail(audit: AuditLog, remediationId: string, clock: () => Date = () => new Date()): Trail {
  const eventId = (type: AuditEventType, key: string) => `${remediationId}/${key}/${type}`;
  return {
    eventId,
    has: (type, key) => audit.has(eventId(type, key)),
    async record(type, key, payload, actor = SERVICE) {
      const id = eventId(type, key);
      // Times and counters in a payload differ between attempts; the first attempt's word stands.
      if (await audit.has(id)) return;
      await audit.append({
        stream: `remediation/${remediationId}`,
        eventId: id,
        type,
        at: clock().toISOString(),
        actor,
        subject: remediationId,
        payload,
      });
    },
  };
}
