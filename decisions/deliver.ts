import {
  type Client,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { RoundRefusal } from '../domain/decision-round.ts';
import { decide, decisionSignal, withdrawSignal } from '../workflows/messages.ts';
import type { RUN_REFUSALS } from './refusals.ts';
import type { Deliver } from './types.ts';

/**
 * Hands a recorded decision to its workflow. An Update gives a typed answer but needs a worker; when none accepts it in
 * time the same decision goes as a Signal, which the server stores. Both are idempotent by decision id. Calling off is a
 * Signal in any case: the run looks for it when it would go on.
 */
export function createDeliver(client: Client, options: { acceptWithinMs?: number } = {}): Deliver {
  const { acceptWithinMs = 5_000 } = options;
  return async (decision) => {
    const handle = client.workflow.getHandle(decision.remediationId);
    try {
      if (decision.kind === 'withdraw') {
        await handle.signal(withdrawSignal, decision.actor.displayName);
        return { via: 'signal', answer: null };
      }
      const answer = await client.connection.withDeadline(Date.now() + acceptWithinMs, () =>
        handle.executeUpdate(decide, { args: [decision], updateId: decision.decisionId }),
      );
      return { via: 'update', answer };
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal !== null)
        return { via: 'update', answer: { accepted: false, refusal, approvalsCounted: 0, approvalsRequired: 0 } };
      if (!isTimeout(error) || decision.kind === 'withdraw') throw error;
    }
    await handle.signal(decisionSignal, decision);
    return { via: 'signal', answer: null };
  };
}

function refusalIn(error: unknown): RoundRefusal | (typeof RUN_REFUSALS)[number] | null {
  if (error instanceof WorkflowNotFoundError) return 'run-not-found';
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  const cause = error.cause;
  if (cause instanceof ApplicationFailure && cause.type === 'DecisionRefused') return cause.message as RoundRefusal;
  // The run closed while the Update was under way.
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow' ? 'run-closed' : null;
}

function isTimeout(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const DEADLINE_EXCEEDED = 4;
  const CANCELLED = 1;
  return isGrpcServiceError(error) && (error.code === DEADLINE_EXCEEDED || error.code === CANCELLED);
}
