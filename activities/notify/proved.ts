import { decisionsInTrail } from '../../ports/decision-trail.ts';
import { isSigned } from '../../ports/statements.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import type { Outcome } from '../../schemas/outcome.ts';
import type { CloseInput } from '../contracts.ts';
import { signedEvent } from '../execute/own-notes.ts';
import type { AskDeps } from './ask-for-decision.ts';

// Whoever reaches Temporal can ask for the end of any run to be told. What is told is therefore taken from what was signed, and
// not from who asks.

export interface Decided {
  readonly by: readonly string[];
  /** When the last of them did. */
  readonly at: string | null;
}
export const NOBODY: Decided = { by: [], at: null };

/** Names behind the answer to a request: of approvals only those that were signed; `policy` for the policy. */
export async function whoDecided(
  { audit, verifier }: Pick<AskDeps, 'audit' | 'verifier'>,
  approval: ApprovalRequest,
): Promise<Decided> {
  const decisions = await decisionsInTrail(audit, approval);
  const counted = decisions.filter(
    (d) => d.kind !== 'approve' || d.actor.via === 'policy' || isSigned(d, approval, verifier),
  );
  // A no ends it, whoever approved before.
  const noes = counted.filter((d) => d.kind !== 'approve');
  const last = noes.length > 0 ? noes.slice(-1) : counted;
  const by = last.map((d) => (d.actor.via === 'policy' ? 'policy' : d.actor.displayName));
  return {
    by: [...new Set(by)],
    at:
      last
        .map((d) => d.decidedAt)
        .toSorted()
        .at(-1) ?? null,
  };
}

const CHANGED: readonly Outcome[] = ['remediated', 'unverified', 'rolled-back'];

/** An end that claims a change is told only when the executor signed that it made one. */
export async function asProved(
  { audit, verifier }: Pick<AskDeps, 'audit' | 'verifier'>,
  input: CloseInput,
): Promise<CloseInput> {
  if (!CHANGED.includes(input.outcome)) return input;
  for await (const event of audit.stream(`remediation/${input.remediationId}`))
    if (event.type === 'INTENT' && signedEvent(event, { remediationId: input.remediationId, verifier })) return input;
  return { ...input, outcome: 'needs-human', reasons: [`claimed-without-a-change:${input.outcome}`, ...input.reasons] };
}
