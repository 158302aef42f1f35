/** Why an answer does not count. Written to the audit trail and, as a sentence, to the person. */
export const REFUSALS = [
  'bad-signature',
  'malformed',
  'stale-timestamp',
  'future-timestamp',
  'replayed',
  'other-app',
  'other-workspace',
  'unknown-approval',
  'deactivated-user',
  'bot',
  'guest',
  'unverified-email',
  'not-an-approver',
  'already-decided',
  'expired',
  'superseded',
  'cancelled',
  'not-approved',
  'plan-digest-mismatch',
  'self-approval',
  'records-unavailable',
  'audit-unavailable',
  'slack-unavailable',
  'teams-unavailable',
  'internal-error',
] as const;

/** `policy:` with the policy that said no, `workflow:` with what the run answered. */
export type RefusalCode = (typeof REFUSALS)[number] | `policy:${string}` | `workflow:${string}`;

export interface Refusal {
  readonly refused: RefusalCode;
  /** For the audit trail, not for the person. */
  readonly detail?: string;
}

export const refuse = (refused: RefusalCode, detail?: string): Refusal =>
  detail === undefined ? { refused } : { refused, detail };
