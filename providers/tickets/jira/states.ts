import type { TicketStage } from '../../../schemas/ticket.ts';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { TicketStatus } from '../../../ports/tickets.ts';
import type { JiraConfig } from './client.ts';
import { jiraError } from './errors.ts';
import type { Issue, Transition } from './wire.ts';

/** The way of a change, first to last. A workflow may lack stages, it never reorders them. */
const FORWARD = ['new', 'awaiting-approval', 'scheduled', 'implementing', 'reviewing', 'closed'] as const;
type ForwardStage = (typeof FORWARD)[number];

export function rank(stage: TicketStage): number {
  return FORWARD.indexOf(stage as ForwardStage);
}

type Status = Transition['to'];

/** The stage a status is configured to be; null when nobody has said. Upper and lower case do not matter to Jira either. */
export function mappedStage(config: JiraConfig, status: Status): TicketStage | null {
  const name = status.name.trim().toLowerCase();
  const entry = Object.entries(config.statuses).find(([known]) => known.trim().toLowerCase() === name);
  return entry?.[1] ?? null;
}

/** Whether Jira itself says that the issue is over. */
export function isOver(config: JiraConfig, issue: Issue): boolean {
  const stage = mappedStage(config, issue.fields.status);
  if (stage !== null) return stage === 'closed' || stage === 'cancelled';
  return issue.fields.status.statusCategory.key === 'done';
}

/** Jira puts every status of every workflow into one of three categories: all that is certain about an unknown name. */
const BY_CATEGORY: Readonly<Record<string, TicketStage>> = {
  new: 'new',
  indeterminate: 'implementing',
  done: 'closed',
};

/**
 * Where an issue is, and who ended it. A status nobody has mapped keeps its name, and is marked.
 * @throws Malformed when it has no category we know either.
 */
export function toStatus(config: JiraConfig, issue: Issue): TicketStatus {
  const { status } = issue.fields;
  const mapped = mappedStage(config, status);
  const stage = mapped ?? BY_CATEGORY[status.statusCategory.key];
  if (stage === undefined)
    throw jiraError(ProviderErrorKind.Malformed, 'read issue', {
      message: `${issue.key} is in status ${status.name} of category ${status.statusCategory.key}, which this product does not know; add it to tickets.jira.statuses`,
    });
  const over = stage === 'closed' || stage === 'cancelled';
  return {
    stage,
    vendorState: status.name,
    closedBy: over ? whoMoved(issue) : null,
    ...(mapped === null ? { unmapped: true as const } : {}),
  };
}

/** Who moved the issue into the status it is in. */
function whoMoved(issue: Issue): string | null {
  const moves = (issue.changelog?.histories ?? []).filter((history) =>
    history.items.some((item) => item.field === 'status' && item.to === issue.fields.status.id),
  );
  const last = moves.toSorted((a, b) => Number(a.id) - Number(b.id)).at(-1);
  return last?.author?.displayName ?? last?.author?.accountId ?? null;
}
