import { z } from 'zod';
import { IsoInstant } from './time.ts';

export const AuditEventType = z.enum([
  'CONTEXT_SNAPSHOT',
  'VERDICT',
  'PROMPT',
  'MODEL_OUTPUT',
  'GUARDRAIL_ADJUSTMENT',
  'EGRESS_BLOCKED',
  'RISK_ASSESSED',
  'PLAN',
  'POLICY_DECISION',
  'TICKET',
  'APPROVAL_REQUESTED',
  'APPROVAL_GIVEN',
  'APPROVAL_REJECTED',
  'APPROVAL_SNOOZED',
  'APPROVAL_EXPIRED',
  'APPROVAL_REFUSED',
  'APPROVAL_CANCELLED',
  'BUDGET_RESERVED',
  'BUDGET_RELEASED',
  'CRED_ISSUED',
  'INTENT',
  'RESULT',
  'VERIFY',
  'ROLLBACK',
  'OUTCOME',
  'SECURITY',
  /** One administrator wants it; a second one has to. */
  'PHASE_PROPOSED',
  'PHASE_CHANGED',
  'KILL_SWITCH',
  'POLICY_LOADED',
  'FEEDBACK',
  /** Names, in its payload, the event whose evidence body was erased on request. */
  'PAYLOAD_ERASED',
]);
export type AuditEventType = z.infer<typeof AuditEventType>;

/** What a caller hands to the audit log; the log adds position, hashes and salt. */
export const AuditEntry = z.object({
  /** `remediation/<id>`, `config`, `policy`, `auth` or `system`. */
  stream: z.string(),
  /** Deterministic, so that a retried activity cannot write twice. */
  eventId: z.string(),
  type: AuditEventType,
  at: IsoInstant,
  actor: z.object({ kind: z.enum(['human', 'service', 'model', 'policy']), id: z.string() }),
  subject: z.string(),
  /** Kept apart from the chain, which holds only its salted digest. */
  payload: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** One link of the chain. `hash` = SHA-256("audit.v1\0" ‖ RFC 8785 of every other field). */
export const AuditEvent = z.object({
  v: z.literal(1),
  stream: z.string(),
  seq: z.number().int().min(1),
  eventId: z.string(),
  type: AuditEventType,
  at: IsoInstant,
  actor: z.object({ kind: z.string(), id: z.string() }),
  subject: z.string(),
  payloadDigest: z.string(),
  prevHash: z.string(),
  hash: z.string(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;
