import {
  type Client,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Decision, DecisionAnswer } from '../schemas/decision.ts';

export interface DecideResult {
  /** `signal`: no worker answered in time; the server holds the decision until one does. */
  readonly via: 'update' | 'signal';
  /** Null when it went by Signal: the workflow answers in the message thread. */
  readonly answer: DecisionAnswer | null;
}

export type Decide = (decision: Decision) => Promise<DecideResult>;

/**
 * Hands a recorded decision to its workflow. An Update gives a typed answer but needs a worker; when none accepts it in
 * time the same decision goes as a Signal, which the server stores. Both are idempotent by decision id.
 */
export function createDecide(client: Client, options: { acceptWithinMs?: number } = {}): Decide {
  const { acceptWithinMs = 5_000 } = options;
  return async (decision) => {
    const handle = client.workflow.getHandle(decision.remediationId);
    try {
      const answer = await client.connection.withDeadline(Date.now() + acceptWithinMs, () =>
        handle.executeUpdate<DecisionAnswer, [Decision]>('decide', { args: [decision], updateId: decision.decisionId }),
      );
      return { via: 'update', answer };
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal !== null)
        return { via: 'update', answer: { accepted: false, refusal, approvalsCounted: 0, approvalsRequired: 0 } };
      if (!isTimeout(error)) throw error;
    }
    await handle.signal('decision', decision);
    return { via: 'signal', answer: null };
  };
}

function refusalIn(error: unknown): string | null {
  if (error instanceof WorkflowNotFoundError) return 'run-not-found';
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  const cause = error.cause;
  if (cause instanceof ApplicationFailure && cause.type === 'DecisionRefused') return cause.message;
  // The run closed while the Update was under way.
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow' ? 'run-closed' : null;
}

function isTimeout(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const DEADLINE_EXCEEDED = 4;
  const CANCELLED = 1;
  return isGrpcServiceError(error) && (error.code === DEADLINE_EXCEEDED || error.code === CANCELLED);
}
