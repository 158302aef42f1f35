import type { AuditLog } from '../ports/audit.ts';
import type { AuditActivities } from './contracts.ts';
import { withFailures } from './shared/failures.ts';

/** The only activity that holds the key of the checkpoints. */
export function createAuditActivities(deps: {
  audit: Pick<AuditLog, 'checkpoint'>;
  clock: () => Date;
}): AuditActivities {
  return withFailures<AuditActivities>({ checkpointAudit: () => deps.audit.checkpoint(deps.clock().toISOString()) });
}
