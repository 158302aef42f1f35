import type { AuditLog } from './audit.ts';
import type { AuditEntry, AuditEventType } from '../schemas/audit.ts';
import { Decision } from '../schemas/decision.ts';

// The trail first, then the records. The executor counts only what is in both, so a decision that could not be written to
// the trail can never be carried out, and whatever stops between the two is finished from the trail.

const TYPES = {
  approve: 'APPROVAL_GIVEN',
  reject: 'APPROVAL_REJECTED',
  snooze: 'APPROVAL_SNOOZED',
  withdraw: 'APPROVAL_CANCELLED',
} as const satisfies Record<Decision['kind'], AuditEventType>;

const stream = ({ remediationId }: Pick<Decision, 'remediationId'>) => `remediation/${remediationId}`;

/** Where a decision stands in the trail. */
export const decisionEventId = (decisionId: string): string => `decision/${decisionId}`;

/** The event of a decision. Its payload begins with the decision itself, so that the records can be finished from it. */
export function decisionEvent(
  decision: Decision,
  { actor, about }: { actor: AuditEntry['actor']; about: Readonly<Record<string, unknown>> },
): AuditEntry {
  return {
    stream: stream(decision),
    eventId: decisionEventId(decision.decisionId),
    type: TYPES[decision.kind],
    at: decision.decidedAt,
    actor,
    subject: decision.approvalId,
    payload: { ...about, ...decision },
  };
}

/** Every decision on one request that the trail holds, oldest first. Erased payloads are left out. */
export async function decisionsInTrail(
  audit: Pick<AuditLog, 'stream'>,
  of: { readonly approvalId: string; readonly remediationId: string },
): Promise<readonly Decision[]> {
  const found: Decision[] = [];
  for await (const { eventId, payload } of audit.stream(stream(of))) {
    if (!eventId.startsWith(decisionEventId(''))) continue;
    const decision = Decision.safeParse(payload);
    if (decision.success && decision.data.approvalId === of.approvalId) found.push(decision.data);
  }
  return found;
}

/**
 * Writes a decision into the trail and returns it as it stands there: when this person said the same before, the first word
 * counts.
 * @throws whatever kept the trail from being written; the decision must not exist anywhere else then.
 */
export async function writeToTrail(
  audit: Pick<AuditLog, 'append' | 'stream'>,
  entry: AuditEntry,
  decision: Decision,
): Promise<Decision> {
  try {
    await audit.append(entry);
    return decision;
  } catch (error) {
    const there = await decisionsInTrail(audit, decision).catch(() => []);
    const standing = there.find((d) => d.decisionId === decision.decisionId);
    if (standing) return standing;
    throw error;
  }
}
