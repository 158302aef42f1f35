import type { AuditLog } from '../ports/audit.ts';
import type { AuditActivities } from './contracts.ts';
import { withFailures } from './shared/failures.ts';

/** The only activity that holds the key of the checkpoints. */
export function createAuditActivities(deps: {
  audit: Pick<AuditLog, 'checkpoint' | 'append'>;
  clock: () => Date;
}): AuditActivities {
  return withFailures<AuditActivities>({
    async checkpointAudit() {
      const at = deps.clock().toISOString();
      const { broken, ...checkpoint } = await deps.audit.checkpoint(at);
      // Once for each link, however often it is met: whoever wrote it can write into the database.
      for (const { stream, seq } of broken)
        await deps.audit.append({
          stream: 'auth',
          eventId: `broken-link/${stream}/${seq}`,
          type: 'SECURITY',
          at,
          actor: { kind: 'service', id: 'audit' },
          subject: stream,
          payload: { reason: 'broken-link', stream, seq },
        });
      return checkpoint;
    },
  });
}
