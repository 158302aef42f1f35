import { ActivityFailure, condition, isCancellation } from '@temporalio/workflow';
import type { ExecuteInput } from '../../activities/contracts.ts';
import type { Outcome, StepOutcome } from '../../schemas/outcome.ts';
import { executeActivities, notifyActivities } from '../activity-proxies.ts';
import { enterStage, type Run } from './run.ts';

export type ExecutionEnd =
  | { readonly applied: true; readonly reasons: readonly string[] }
  | { readonly applied: false; readonly outcome: Outcome; readonly reasons: readonly string[] };

/** Both phases of a change, with the hold between them; anything short of "applied" is an outcome of its own. */
export async function executePlan(run: Run, target: Omit<ExecuteInput, 'step'>): Promise<ExecutionEnd> {
  const { queues, waits } = run.input;
  const execute = executeActivities(queues, waits, 'The change, under credentials for it alone');
  try {
    enterStage(run, 'executing');
    const first = await execute.executeChange({ ...target, step: 'apply' });
    if (first.result !== 'prepared') return endOf(first);

    enterStage(run, 'holding');
    const until = new Date(Date.now() + waits.hold).toISOString();
    await notifyActivities(queues, 'Say what is held and until when').announceHold({
      approvalId: target.approvalId,
      until,
    });
    const withdrawn = await condition(() => run.withdrawnBy !== null, waits.hold, {
      summary: 'Hold before destroying: withdraw to call it off',
    });
    if (!withdrawn) return endOf(await execute.executeChange({ ...target, step: 'complete' }));
    const undone = await execute.executeChange({ ...target, step: 'rollback' });
    return {
      applied: false,
      outcome: undone.result === 'needs-human' ? 'needs-human' : 'rolled-back',
      reasons: [`withdrawn by ${run.withdrawnBy}`, ...undone.reasons],
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { applied: false, outcome: 'needs-human', reasons: [failureText(error)] };
  }
}

/** Undoes an applied change that turned out wrong. */
export async function rollBack(
  run: Run,
  target: Omit<ExecuteInput, 'step'>,
  why: readonly string[],
): Promise<ExecutionEnd> {
  const execute = executeActivities(run.input.queues, run.input.waits, 'Undo the change');
  try {
    const undone = await execute.executeChange({ ...target, step: 'rollback' });
    const outcome: Outcome =
      undone.result === 'rolled-back' || undone.result === 'applied' ? 'rolled-back' : 'needs-human';
    return { applied: false, outcome, reasons: [...why, ...undone.reasons] };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { applied: false, outcome: 'needs-human', reasons: [...why, failureText(error)] };
  }
}

function endOf(step: StepOutcome): ExecutionEnd {
  switch (step.result) {
    case 'applied':
      return { applied: true, reasons: step.reasons };
    case 'already-satisfied':
    case 'gone':
      return { applied: false, outcome: 'already-gone', reasons: step.reasons };
    case 'blocked-by-policy':
    case 'blocked-by-preflight':
    case 'blocked-by-drift':
    case 'active-again':
    case 'rolled-back':
    case 'needs-human':
      return { applied: false, outcome: step.result, reasons: step.reasons };
    case 'prepared':
      return { applied: false, outcome: 'needs-human', reasons: ['prepared twice', ...step.reasons] };
  }
}

function failureText(error: unknown): string {
  const cause = error instanceof ActivityFailure && error.cause ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
