import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { ExecuteInput } from '../../activities/contracts.ts';
import { readableInstant } from '../../domain/words.ts';
import type { Outcome, StepOutcome } from '../../schemas/outcome.ts';
import { executeActivities, notifyActivities } from '../activity-proxies.ts';
import { failureText } from './failure-text.ts';
import { enterStage, type Run } from './run.ts';

type Target = Omit<ExecuteInput, 'step'>;
type StepResult = StepOutcome['result'];

export type ExecutionEnd =
  | { readonly applied: true; readonly reasons: readonly string[] }
  | { readonly applied: false; readonly outcome: Outcome; readonly reasons: readonly string[] };

/** Both phases of a change, with the hold between them; anything short of "applied" is an outcome of its own. */
export async function executePlan(run: Run, target: Target): Promise<ExecutionEnd> {
  const { queues, waits } = run.input;
  const execute = executeActivities(queues, waits, 'The change, under credentials for it alone');
  try {
    enterStage(run, 'executing');
    const first = await inWindow(run, target.approvalId, () => execute.executeChange({ ...target, step: 'apply' }));
    if ('calledOff' in first) return { applied: false, outcome: 'cancelled', reasons: [first.calledOff] };
    if (first.result !== 'prepared') return endOf(first);

    const calledOff = await hold(run, target.approvalId);
    if (calledOff !== null) return await undoFirstPhase(run, target, [calledOff]);
    const second = await inWindow(run, target.approvalId, () => execute.executeChange({ ...target, step: 'complete' }));
    if ('calledOff' in second) return await undoFirstPhase(run, target, [second.calledOff]);
    // Refused before anything was destroyed: what the first phase did must not be left behind.
    return REFUSALS.has(second.result) ? await undoFirstPhase(run, target, second.reasons) : endOf(second);
  } catch (error) {
    const reason = isCancellation(error)
      ? 'cancelled while the change was under way: see the audit trail for what was done'
      : failureText(error);
    return { applied: false, outcome: 'needs-human', reasons: [reason] };
  }
}

type InWindow = StepOutcome | { readonly calledOff: string };

/**
 * A step, as soon as changes may be made: the executor says when that is, while the approval is valid, and is asked everything
 * again then. Where it says nothing, waiting would not help.
 */
async function inWindow(run: Run, approvalId: string, step: () => Promise<StepOutcome>): Promise<InWindow> {
  for (;;) {
    const outcome = await step();
    if (outcome.notBefore === undefined) return outcome;
    const calledOff = await untilWindow(run, approvalId, outcome.notBefore);
    if (calledOff !== null) return { calledOff };
    enterStage(run, 'executing');
  }
}

/** Why the change was called off while it waited for the window, or null when nobody did. */
async function untilWindow(run: Run, approvalId: string, opensAt: string): Promise<string | null> {
  enterStage(run, 'awaiting-window');
  const over = () => run.withdrawnBy !== null || run.ticketEnded !== null;
  try {
    const notify = notifyActivities(run.input.queues, 'Say what the approved change waits for');
    await notify.announceWindow({ approvalId, opensAt });
    await condition(over, Math.max(1000, Date.parse(opensAt) - Date.now()), {
      summary: `Until changes may be made: ${readableInstant(opensAt)}`,
    });
  } catch (error) {
    if (isCancellation(error)) return 'the run was cancelled while it waited for the change window';
    throw error;
  }
  if (run.withdrawnBy !== null) return `withdrawn by ${run.withdrawnBy}`;
  return run.ticketEnded ? `ticket ${run.ticketEnded.state} by ${run.ticketEnded.by}` : null;
}

/** Undoes an applied change that turned out wrong. */
export async function rollBack(run: Run, target: Target, why: readonly string[]): Promise<ExecutionEnd> {
  return undo(run, { target, why, asItWas: ['rolled-back', 'applied'] });
}

/** Why the change was called off during the hold, or null when nobody did. A cancelled run is called off too. */
async function hold(run: Run, approvalId: string): Promise<string | null> {
  const { queues, waits } = run.input;
  enterStage(run, 'holding');
  try {
    const until = new Date(Date.now() + waits.hold).toISOString();
    await notifyActivities(queues, 'Say what is held and until when').announceHold({ approvalId, until });
    const withdrawn = await condition(() => run.withdrawnBy !== null, waits.hold, {
      summary: 'Hold before destroying: withdraw to call it off',
    });
    return withdrawn ? `withdrawn by ${run.withdrawnBy}` : null;
  } catch (error) {
    if (isCancellation(error)) return 'the run was cancelled during the hold';
    throw error;
  }
}

/** After the first phase alone, an asset that needs no undoing is as it was. */
async function undoFirstPhase(run: Run, target: Target, why: readonly string[]): Promise<ExecutionEnd> {
  return undo(run, { target, why, asItWas: ['rolled-back', 'applied', 'already-satisfied'] });
}

async function undo(
  run: Run,
  { target, why, asItWas }: { target: Target; why: readonly string[]; asItWas: readonly StepResult[] },
): Promise<ExecutionEnd> {
  const execute = executeActivities(run.input.queues, run.input.waits, 'Undo the change');
  try {
    const undone = await CancellationScope.nonCancellable(() => execute.executeChange({ ...target, step: 'rollback' }));
    const outcome = asItWas.includes(undone.result) ? 'rolled-back' : 'needs-human';
    return { applied: false, outcome, reasons: [...why, ...undone.reasons] };
  } catch (error) {
    return { applied: false, outcome: 'needs-human', reasons: [...why, failureText(error)] };
  }
}

const REFUSALS: ReadonlySet<StepResult> = new Set([
  'outside-window',
  'blocked-by-policy',
  'blocked-by-preflight',
  'blocked-by-drift',
  'active-again',
]);

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
    case 'outside-window':
      return { applied: false, outcome: 'blocked-by-policy', reasons: step.reasons };
    case 'prepared':
      return { applied: false, outcome: 'needs-human', reasons: ['prepared twice', ...step.reasons] };
  }
}
