import type { TicketStage } from '../../../schemas/ticket.ts';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { ChangeRecord, ChangeRecords, NextStates } from '../../servicenow/change-records.ts';
import { serviceNowError } from '../../servicenow/errors.ts';
import { ChangeState, FORWARD, isOver, stageOf, stateOf } from './states.ts';

const MAX_MOVES = 10;
const RANK: Readonly<Record<string, number>> = Object.fromEntries(FORWARD.map((state, i) => [state, i]));

/** The first state of each stage: a change in or past it has arrived. */
const TARGET = {
  new: ChangeState.New,
  'awaiting-approval': ChangeState.Assess,
  scheduled: ChangeState.Scheduled,
  implementing: ChangeState.Implement,
  reviewing: ChangeState.Review,
} as const satisfies Record<Exclude<TicketStage, 'closed' | 'cancelled'>, ChangeState>;

/**
 * Moves a change forward, one state at a time, and asks before each move which states are open. Never backward: a
 * change already in or past the stage is left alone, so a repeated call is harmless.
 * @throws Terminal naming the state and the open transitions when the change is over or none leads on, for example
 * while a person's approval is missing: an integration account cannot approve for anyone.
 */
export async function transitionTo(
  records: ChangeRecords,
  id: string,
  stage: keyof typeof TARGET,
): Promise<ChangeRecord> {
  const goal = rank(TARGET[stage]);
  let change = await records.read(id);
  for (let moves = 0; moves < MAX_MOVES; moves++) {
    const state = stateOf(change);
    if (isOver(state)) throw stuck(change, stage, 'it is over');
    if (rank(state) >= goal) return change;
    const next = await records.nextStates(id);
    const step = nextStep(next, state, goal);
    if (step === undefined) throw stuck(change, stage, explain(next, change));
    const moved = await records.patch(id, { state: step });
    // An answer without the move having happened would otherwise be repeated for ever.
    if (rank(stateOf(moved)) <= rank(state))
      throw stuck(moved, stage, `the move to ${label(next, step)} had no effect`);
    change = moved;
  }
  throw stuck(change, stage, `gave up after ${MAX_MOVES} moves`);
}

/** The nearest open state ahead that does not overshoot; emergency changes have no Assess, so the first one beyond counts. */
function nextStep(next: NextStates, from: ChangeState, goal: number): ChangeState | undefined {
  const ahead = FORWARD.filter((state) => next.available.includes(state) && rank(state) > rank(from));
  const nearest = ahead[0];
  if (nearest === undefined || nearest === ChangeState.Closed) return undefined;
  return rank(nearest) <= goal || stageOf(nearest) === stageOf(FORWARD[goal] ?? nearest) ? nearest : undefined;
}

function stuck(change: ChangeRecord, stage: string, why: string) {
  return serviceNowError(ProviderErrorKind.Terminal, 'move change', {
    message: `${change.number} cannot be moved from ${change.labels.state || change.values.state} to ${stage}: ${why}`,
  });
}

function explain(next: NextStates, change: ChangeRecord): string {
  const open =
    next.available
      .filter((state) => state !== change.values.state)
      .map((state) => label(next, state))
      .join(', ') || 'none';
  const unmet = [...new Set(Object.values(next.unmet).flat())].join(', ');
  const approval = change.labels.approval || change.values.approval;
  return `open transitions: ${open}${unmet && `; unmet: ${unmet}`}${approval && `; approval: ${approval}`}`;
}

function label(next: NextStates, state: string): string {
  return next.labels[state] ?? state;
}

function rank(state: ChangeState): number {
  return RANK[state] ?? -1;
}
