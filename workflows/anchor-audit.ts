import { proxyActivities } from '@temporalio/workflow';
import type { AuditActivities } from '../activities/contracts.ts';

/** Signs the heads of all audit streams and anchors them outside the database. Started by a schedule, one at a time. */
export async function anchorAudit(input: { auditQueue: string }): Promise<{ number: number; digest: string }> {
  const { checkpointAudit } = proxyActivities<AuditActivities>({
    taskQueue: input.auditQueue,
    startToCloseTimeout: '1m',
    retry: { initialInterval: '2s', maximumInterval: '1m', maximumAttempts: 10 },
  });
  return checkpointAudit();
}
