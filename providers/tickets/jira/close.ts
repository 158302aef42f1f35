import { isProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { TicketPort } from '../../../ports/tickets.ts';
import { addNoteOnce } from './notes.ts';
import { isOver, mappedStage, rank } from './states.ts';
import { endBy, explain, stuck, type Transitioner, transitionTo } from './transitions.ts';
import type { Issue } from './wire.ts';

type Ending = Parameters<TicketPort['close']>[1];

/**
 * Ends a change. Already ended: left as it is. Implemented: closed with its resolution. Cancelled, or never implemented:
 * cancelled. A success on an issue that waits for a person's approval is cancelled, and the comment says what happened.
 */
export async function endChange(walker: Transitioner, id: string, end: Ending): Promise<Issue> {
  const { issues, config } = walker;
  let issue = await issues.read(id);
  if (isOver(config, issue)) return issue;
  const notes = end.notes.trim() || 'No notes';
  const resolution = (result: Ending['result']) => config.resolutions?.[result] ?? null;
  const cancel = async (told: string) => {
    await say(walker, issue, told);
    return finish(walker, issue, { stage: 'cancelled', resolution: resolution('cancelled') });
  };

  const at = mappedStage(config, issue.fields.status);
  const implemented = at !== null && rank(at) >= rank('implementing');
  if (end.result === 'cancelled' || (end.result === 'unsuccessful' && !implemented))
    return cancel(`Outcome: cancelled. ${notes}`);
  try {
    issue = await transitionTo(walker, id, 'reviewing');
  } catch (error) {
    if (!isProviderError(error, ProviderErrorKind.Terminal)) throw error;
    // A person may have ended it, or the walk may have gone part of the way: look again.
    issue = await issues.read(id);
    if (isOver(config, issue)) return issue;
  }
  const open = await issues.transitions(id);
  if (!open.some((transition) => mappedStage(config, transition.to) === 'closed'))
    return cancel(`Outcome: ${end.result}, although this issue could not be moved on to its end. ${notes}`);
  await say(walker, issue, `Outcome: ${end.result}. ${notes}`);
  return finish(walker, issue, { stage: 'closed', resolution: resolution(end.result) });
}

/** The comment comes first: a half-done ending is then continued, never left without its reason. */
async function say(walker: Transitioner, issue: Issue, text: string): Promise<void> {
  await addNoteOnce(walker.issues, issue.id, { marker: 'ending', text });
}

/** Into the wanted end, or into the other one where the workflow has only that: small workflows know no "cancelled". */
async function finish(
  walker: Transitioner,
  issue: Issue,
  end: { stage: 'closed' | 'cancelled'; resolution: string | null },
): Promise<Issue> {
  const other = end.stage === 'closed' ? 'cancelled' : 'closed';
  const ended = (await endBy(walker, issue, end)) ?? (await endBy(walker, issue, { ...end, stage: other }));
  if (ended) return ended;
  throw stuck(issue, end.stage, await explain(walker, issue, await walker.issues.transitions(issue.id)));
}
