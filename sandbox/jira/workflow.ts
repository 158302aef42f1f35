import type { Account, HistoryItem, World } from './context.ts';
import type { StoredIssue } from './store.ts';

export type Workflow = 'change' | 'simple';
type Category = 'new' | 'indeterminate' | 'done';

interface Status {
  readonly id: string;
  readonly name: string;
  readonly category: Category;
}
interface Step {
  readonly id: string;
  readonly name: string;
  readonly from: readonly string[] | 'any';
  readonly to: string;
  readonly condition?: (issue: StoredIssue) => boolean;
  /** The screen asks for a resolution. */
  readonly resolution?: boolean;
}

export const RESOLUTIONS = ['Done', "Won't Do", 'Cannot Reproduce'];
export const PRIORITIES = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const CATEGORY_NAMES: Record<Category, string> = { new: 'To Do', indeterminate: 'In Progress', done: 'Done' };
const CATEGORY_IDS: Record<Category, number> = { new: 2, indeterminate: 4, done: 3 };

const status = (id: string, name: string, category: Category): Status => ({ id, name, category });
export const OPEN = '1';
const WAITING = '10010';
const DONE = '10014';
const CANCELED = '10015';

const STATUSES: Record<Workflow, readonly Status[]> = {
  change: [
    status(OPEN, 'Open', 'new'),
    status(WAITING, 'Waiting for approval', 'indeterminate'),
    status('10011', 'Scheduled', 'indeterminate'),
    status('10012', 'Implementing', 'indeterminate'),
    status('10013', 'In Review', 'indeterminate'),
    status(DONE, 'Done', 'done'),
    status(CANCELED, 'Canceled', 'done'),
  ],
  simple: [status(OPEN, 'To Do', 'new'), status('3', 'In Progress', 'indeterminate'), status(DONE, 'Done', 'done')],
};

const STEPS: Record<Workflow, readonly Step[]> = {
  change: [
    { id: '11', name: 'Submit for approval', from: [OPEN], to: WAITING },
    { id: '21', name: 'Approved', from: [WAITING], to: '10011', condition: (i) => i.approval?.decision === 'approved' },
    { id: '22', name: 'Back to open', from: [WAITING, '10011'], to: OPEN },
    { id: '31', name: 'Start', from: ['10011'], to: '10012' },
    { id: '41', name: 'Review', from: ['10012'], to: '10013' },
    { id: '51', name: 'Close', from: ['10013'], to: DONE, resolution: true },
    { id: '91', name: 'Cancel', from: [OPEN, WAITING, '10011', '10012'], to: CANCELED },
  ],
  simple: [
    { id: '11', name: 'To Do', from: 'any', to: OPEN },
    { id: '21', name: 'In Progress', from: 'any', to: '3' },
    { id: '31', name: 'Done', from: 'any', to: DONE },
  ],
};

/** The way people see on the page. */
export function wayOf(world: World): readonly Status[] {
  return STATUSES[world.settings.workflow].filter((s) => s.id !== CANCELED);
}

export function statusOf(world: World, id: string): Status {
  const found =
    STATUSES[world.settings.workflow].find((s) => s.id === id) ?? status(id, `Status ${id}`, 'indeterminate');
  return { ...found, name: world.settings.rename[found.name] ?? found.name };
}

export function isDone(world: World, issue: StoredIssue): boolean {
  return statusOf(world, issue.status).category === 'done';
}

export function openSteps(world: World, issue: StoredIssue): readonly Step[] {
  return STEPS[world.settings.workflow].filter(
    (step) =>
      (step.from === 'any' ? step.to !== issue.status : step.from.includes(issue.status)) &&
      (step.condition?.(issue) ?? true),
  );
}

export function renderStatus(world: World, id: string) {
  const { name, category } = statusOf(world, id);
  const statusCategory = { id: CATEGORY_IDS[category], key: category, name: CATEGORY_NAMES[category] };
  return { id, name, statusCategory };
}

/** Into a status, with its history entry, its approval and its webhook. Asks no condition: callers do. */
export function enter(world: World, issue: StoredIssue, move: { to: string; by: Account; resolution?: string | null }) {
  const { to, by, resolution } = move;
  const items: HistoryItem[] = [change(world, issue.status, to)];
  issue.status = to;
  if (isDone(world, issue)) issue.resolution = resolution ?? (to === CANCELED ? "Won't Do" : 'Done');
  else issue.resolution = null;
  if (to === WAITING) issue.approval = newApproval(world, issue);
  record(world, issue, { by, items });
}

export function record(world: World, issue: StoredIssue, entry: { by: Account; items: readonly HistoryItem[] }): void {
  const now = new Date().toISOString();
  issue.updated = now;
  issue.history.push({ id: world.store.nextId(), authorId: entry.by.accountId, created: now, items: entry.items });
  world.store.save();
  world.changed({ webhookEvent: 'jira:issue_updated', issueId: issue.id, by: entry.by, items: entry.items });
}

/** Ends an issue as a person would who has every right. */
export function endAs(world: World, issue: StoredIssue, end: { by: Account; cancel: boolean }): void {
  const to = end.cancel && world.settings.workflow === 'change' ? CANCELED : DONE;
  enter(world, issue, { to, by: end.by, resolution: end.cancel ? "Won't Do" : 'Done' });
}

function change(world: World, from: string, to: string): HistoryItem {
  const name = (id: string) => statusOf(world, id).name;
  return { field: 'status', from, fromString: name(from), to, toString: name(to) };
}

function newApproval(world: World, issue: StoredIssue) {
  const auto = world.settings.autoApprovedPriorities.includes(issue.priority);
  const now = Date.now();
  const asked = auto ? [] : world.accounts.filter((account) => account.approver);
  return {
    id: world.store.nextId(),
    decision: auto ? ('approved' as const) : ('pending' as const),
    approvers: asked.map(({ accountId }) => ({ accountId, decision: 'pending' as const })),
    createdAt: now,
    completedAt: auto ? now : null,
  };
}
