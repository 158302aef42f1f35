import type { Account, World } from './context.ts';
import type { StoredIssue } from './store.ts';
import { record } from './workflow.ts';

/** A decision the service desk does not take. */
export class Refused extends Error {
  readonly completed: boolean;
  constructor(message: string, completed: boolean) {
    super(message);
    this.completed = completed;
  }
}

/**
 * One person's decision. It counts as the caller's own: nobody decides for another. One decision completes the approval.
 * @throws Refused
 */
export function decide(world: World, issue: StoredIssue, made: { by: Account; decision: 'approve' | 'decline' }): void {
  const { approval } = issue;
  if (!approval || approval.decision !== 'pending') throw new Refused('The approval has already been completed.', true);
  const own = approval.approvers.find((a) => a.accountId === made.by.accountId);
  if (!own) throw new Refused('You are not an approver of this request.', false);
  own.decision = made.decision === 'approve' ? 'approved' : 'declined';
  approval.decision = own.decision;
  approval.completedAt = Date.now();
  record(world, issue, {
    by: made.by,
    items: [{ field: 'Approvals', from: null, fromString: 'pending', to: null, toString: own.decision }],
  });
}

/** The first person who is asked, for presses that name nobody. */
export function firstApprover(world: World, issue: StoredIssue): Account | undefined {
  const asked = issue.approval?.approvers.find((a) => a.decision === 'pending');
  return world.accounts.find((account) => account.accountId === asked?.accountId);
}
