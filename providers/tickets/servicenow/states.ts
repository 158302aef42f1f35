import type { TicketStage } from '../../../schemas/ticket.ts';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { ChangeRecord } from '../../servicenow/change-records.ts';
import { serviceNowError } from '../../servicenow/errors.ts';
import type { TicketStatus } from '../../../ports/tickets.ts';

/** Values of `change_request.state`. */
export const ChangeState = {
  New: '-5',
  Assess: '-4',
  Authorize: '-3',
  Scheduled: '-2',
  Implement: '-1',
  Review: '0',
  Closed: '3',
  Canceled: '4',
} as const;
export type ChangeState = (typeof ChangeState)[keyof typeof ChangeState];

/** The way of a change, first to last. Types and models may skip states, never reorder them. */
export const FORWARD: readonly ChangeState[] = [
  ChangeState.New,
  ChangeState.Assess,
  ChangeState.Authorize,
  ChangeState.Scheduled,
  ChangeState.Implement,
  ChangeState.Review,
  ChangeState.Closed,
];

const STAGE = {
  [ChangeState.New]: 'new',
  [ChangeState.Assess]: 'awaiting-approval',
  [ChangeState.Authorize]: 'awaiting-approval',
  [ChangeState.Scheduled]: 'scheduled',
  [ChangeState.Implement]: 'implementing',
  [ChangeState.Review]: 'reviewing',
  [ChangeState.Closed]: 'closed',
  [ChangeState.Canceled]: 'cancelled',
} as const satisfies Record<ChangeState, TicketStage>;

/** The state of a change; a state we do not know is never guessed at. */
export function stateOf(change: ChangeRecord): ChangeState {
  const value = change.values.state ?? '';
  if (value in STAGE) return value as ChangeState;
  throw serviceNowError(ProviderErrorKind.Malformed, 'read change', {
    message: `${change.number} is in state ${value} (${change.labels.state ?? 'no label'}), which this product does not know`,
  });
}

export function stageOf(state: ChangeState): TicketStage {
  return STAGE[state];
}

export function isOver(state: ChangeState): boolean {
  return state === ChangeState.Closed || state === ChangeState.Canceled;
}

/** Where a change is, and who ended it when it is over. */
export function toStatus(change: ChangeRecord): TicketStatus {
  const state = stateOf(change);
  const closedBy = isOver(state)
    ? change.labels.closed_by || change.values.closed_by || change.values.sys_updated_by || null
    : null;
  return { stage: stageOf(state), vendorState: change.labels.state || state, closedBy };
}
