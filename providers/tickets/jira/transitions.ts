import type { TicketStage } from '../../../schemas/ticket.ts';
import { isProviderError, ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { JiraConfig } from './client.ts';
import { isUncertain, jiraError } from './errors.ts';
import type { Issues } from './issues.ts';
import { isOver, mappedStage, rank } from './states.ts';
import type { Issue, Transition } from './wire.ts';

const MAX_MOVES = 12;

export interface Transitioner {
  readonly issues: Issues;
  readonly config: JiraConfig;
}

/**
 * Moves an issue forward, one status at a time, and asks before each move which transitions are open. Never backward:
 * an issue already in or past the stage is left alone, so that a repeated call is harmless.
 * @throws Terminal naming the status and the open transitions when the issue is over or none leads on.
 */
export async function transitionTo(
  walker: Transitioner,
  id: string,
  stage: Exclude<TicketStage, 'cancelled'>,
): Promise<Issue> {
  const { issues, config } = walker;
  let issue = await issues.read(id);
  for (let moves = 0; moves < MAX_MOVES; moves++) {
    const at = mappedStage(config, issue.fields.status);
    if (isOver(config, issue)) {
      if (stage === 'closed') return issue;
      throw stuck(issue, stage, 'it is over');
    }
    if (at !== null && rank(at) >= rank(stage)) return issue;
    const open = await issues.transitions(id);
    const step = nextStep(config, open, { from: at, to: stage });
    if (step === undefined) throw stuck(issue, stage, await explain(walker, issue, open));
    issue = await move(walker, issue, { transition: step, fields: {} });
  }
  throw stuck(issue, stage, `gave up after ${MAX_MOVES} moves`);
}

/** Ends an issue by a transition into `stage` that is open right now; undefined when there is none. */
export async function endBy(
  walker: Transitioner,
  issue: Issue,
  end: { stage: 'closed' | 'cancelled'; resolution: string | null },
): Promise<Issue | undefined> {
  const open = await walker.issues.transitions(issue.id);
  const step = open.find(
    (transition) => mappedStage(walker.config, transition.to) === end.stage && missing(transition).length === 0,
  );
  if (!step) return undefined;
  return move(walker, issue, { transition: step, fields: resolutionFields(step, end.resolution) });
}

/** The nearest open status ahead that does not overshoot. From a status nobody has mapped, only straight to the goal. */
function nextStep(
  config: JiraConfig,
  open: readonly Transition[],
  way: { from: TicketStage | null; to: TicketStage },
): Transition | undefined {
  const goal = rank(way.to);
  const from = way.from === null ? goal - 1 : rank(way.from);
  const ahead = open.flatMap((transition) => {
    const stage = mappedStage(config, transition.to);
    const at = stage === null ? -1 : rank(stage);
    return at > from && at <= goal && missing(transition).length === 0 ? [{ transition, at }] : [];
  });
  return ahead.toSorted((a, b) => a.at - b.at)[0]?.transition;
}

/** Performs a transition and reads the issue again, because 204 says nothing. A lost answer or a race is looked at, not repeated. */
async function move(
  { issues, config }: Transitioner,
  issue: Issue,
  step: { transition: Transition; fields: Record<string, unknown> },
): Promise<Issue> {
  const { transition, fields } = step;
  try {
    await issues.transition(issue.id, { transitionId: transition.id, fields });
  } catch (error) {
    const raced = error instanceof ProviderError && (error.status === 409 || error.status === 400);
    if (!raced && !isUncertain(error)) throw error;
    const now = await issues.read(issue.id);
    if (now.fields.status.id !== issue.fields.status.id) return now;
    // Somebody else changed another field at that moment: nothing happened yet, so it may be asked for again later.
    if (isProviderError(error) && error.status === 409)
      throw jiraError(ProviderErrorKind.Unavailable, 'move issue', {
        message: `${issue.key} was changed by somebody else at the same moment`,
        status: 409,
      });
    throw error;
  }
  const now = await issues.read(issue.id);
  if (now.fields.status.id === issue.fields.status.id && transition.to.id !== issue.fields.status.id)
    throw stuck(now, mappedStage(config, transition.to) ?? transition.to.name, `"${transition.name}" had no effect`);
  return now;
}

/** Fields of the transition's screen that somebody must fill in and we cannot. */
function missing(transition: Transition): string[] {
  return Object.entries(transition.fields)
    .filter(([name, field]) => field.required && !field.hasDefaultValue && name !== 'resolution')
    .map(([name]) => name);
}

/** The configured resolution, if the screen asks for one and offers it. Otherwise none: Jira's refusal then names the field. */
function resolutionFields(transition: Transition, wanted: string | null): Record<string, unknown> {
  const field = transition.fields['resolution'];
  if (!field) return {};
  const names = (field.allowedValues ?? []).flatMap((value) => value.name ?? []);
  if (wanted !== null && (names.length === 0 || names.includes(wanted))) return { resolution: { name: wanted } };
  return {};
}

export function stuck(issue: Issue, stage: string, why: string) {
  return jiraError(ProviderErrorKind.Terminal, 'move issue', {
    message: `${issue.key} cannot be moved from ${issue.fields.status.name} to ${stage}: ${why}`,
  });
}

/** Which ways are open, what keeps the others shut, and whose approval is missing. */
export async function explain(
  { issues, config }: Transitioner,
  issue: Issue,
  open: readonly Transition[],
): Promise<string> {
  const ways = open.map((transition) => {
    const needs = missing(transition);
    return `${transition.to.name}${needs.length > 0 ? ` (needs ${needs.join(', ')})` : ''}`;
  });
  const pending = await issues.pendingApprovers(issue.id).catch(() => []);
  const unmapped =
    mappedStage(config, issue.fields.status) === null ? '; this status is not in tickets.jira.statuses' : '';
  return `open transitions: ${ways.join(', ') || 'none'}${pending.length > 0 ? `; waiting for the approval of ${pending.join(', ')}` : ''}${unmapped}`;
}
