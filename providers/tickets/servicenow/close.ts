import type { ServiceNow } from '../../servicenow/section.ts';
import { isProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { ChangeRecord, ChangeRecords } from '../../servicenow/change-records.ts';
import { serviceNowError } from '../../servicenow/errors.ts';
import type { TicketPort } from '../../../ports/tickets.ts';
import { ChangeState, isOver, stateOf } from './states.ts';
import { clean } from './texts.ts';
import { transitionTo } from './transitions.ts';

type Ending = Parameters<TicketPort['close']>[1];

/**
 * Ends a change. Already ended: left as it is. Implemented: closed with code and notes. Cancelled, or never
 * implemented: cancelled. A success on a change that the instance would not let us move, because it waits for a
 * person's approval, is cancelled too, and its notes say what really happened.
 */
export async function endChange(
  records: ChangeRecords,
  end: Ending & { id: string; closeCodes: ServiceNow['closeCodes'] },
): Promise<ChangeRecord> {
  const { id } = end;
  const notes = clean(end.notes).slice(0, 4000) || 'No notes';
  let change = await records.read(id);
  let state = stateOf(change);
  if (isOver(state)) return change;

  if (end.result === 'cancelled') {
    if (state !== ChangeState.Review) return cancel(records, change, notes);
    return close(records, change, { code: end.closeCodes.unsuccessful, notes: `Cancelled. ${notes}` });
  }
  const code = codeOf(end.result, end.closeCodes);
  const implemented = state === ChangeState.Implement || state === ChangeState.Review;
  if (!implemented && end.result === 'unsuccessful') return cancel(records, change, notes);
  try {
    change = await transitionTo(records, id, 'reviewing');
  } catch (error) {
    if (!isProviderError(error, ProviderErrorKind.Terminal)) throw error;
    // A person may have ended it, or the walk may have gone part of the way: look again.
    change = await records.read(id);
    state = stateOf(change);
    if (isOver(state)) return change;
    const told = `Outcome: ${end.result}, although this change never reached Review. ${notes}`;
    return cancel(records, change, told.slice(0, 4000));
  }
  return close(records, change, { code, notes });
}

async function close(
  records: ChangeRecords,
  change: ChangeRecord,
  end: { code: string; notes: string },
): Promise<ChangeRecord> {
  await requireOpen(records, change, ChangeState.Closed);
  return records.patch(change.id, { state: ChangeState.Closed, close_code: end.code, close_notes: end.notes });
}

async function cancel(records: ChangeRecords, change: ChangeRecord, notes: string): Promise<ChangeRecord> {
  await requireOpen(records, change, ChangeState.Canceled);
  return records.patch(change.id, { state: ChangeState.Canceled, close_notes: notes });
}

async function requireOpen(records: ChangeRecords, change: ChangeRecord, to: ChangeState): Promise<void> {
  const next = await records.nextStates(change.id);
  if (next.available.includes(to)) return;
  const open = next.available.map((state) => next.labels[state] ?? state).join(', ') || 'none';
  throw serviceNowError(ProviderErrorKind.Terminal, 'end change', {
    message: `${change.number} cannot be ended from ${change.labels.state || change.values.state}; open transitions: ${open}`,
  });
}

function codeOf(result: Exclude<Ending['result'], 'cancelled'>, codes: ServiceNow['closeCodes']): string {
  switch (result) {
    case 'successful':
      return codes.successful;
    case 'successful-with-issues':
      return codes.successfulWithIssues;
    case 'unsuccessful':
      return codes.unsuccessful;
  }
}
