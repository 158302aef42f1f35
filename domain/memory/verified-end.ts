import type { VerifiedEnd } from '../../schemas/memory.ts';
import type { ActionName } from '../../schemas/option.ts';
import type { Outcome } from '../../schemas/outcome.ts';

/**
 * What an outcome proves, or null when it proves nothing. Approval is no proof, silence is none, and an end that was not
 * verified teaches nothing: it would be the first step of somebody teaching us wrong.
 */
export function verifiedEnd(
  outcome: Outcome,
  { action, reasons }: { action: ActionName | null; reasons: readonly string[] },
): VerifiedEnd | null {
  switch (outcome) {
    case 'remediated':
      return action === null ? null : 'remediated';
    case 'rolled-back':
      // Called off by a person during the hold, it says nothing against the change.
      return action === null || reasons.some((r) => /^(withdrawn by|the run was cancelled)/.test(r))
        ? null
        : 'rolled-back';
    case 'needs-human':
      // Only where the cloud itself was read and said something else than the plan.
      return action !== null && reasons.some((r) => r.startsWith('cloud-state:')) ? 'contradicted' : null;
    case 'active-again':
      return 'active-again';
    case 'rejected':
      return 'rejected';
    case 'unverified':
    case 'expired':
    case 'cancelled':
    case 'observed':
    case 'blocked-by-policy':
    case 'blocked-by-preflight':
    case 'blocked-by-drift':
    case 'already-gone':
      return null;
  }
}
