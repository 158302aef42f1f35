import { isAdf, isTooLong } from './adf.ts';
import { accountById, type HistoryItem, renderAccount, type World } from './context.ts';
import type { StoredIssue } from './store.ts';
import { PRIORITIES, renderStatus } from './workflow.ts';

type Fields = Record<string, unknown>;
const ADF_REFUSED = 'Operation value must be an Atlassian Document (see the Atlassian Document Format)';
const EDITABLE = ['summary', 'description', 'priority', 'labels'] as const;
const ON_CREATION = [...EDITABLE, 'project', 'issuetype'];

/** What is wrong with fields that are about to be written, by field; empty when nothing is. */
export function problemsOf(world: World, fields: Fields, creating: boolean): Record<string, string> {
  const { summary, description, priority, labels, project, issuetype } = fields;
  const found: Record<string, string> = {};
  const allowed: readonly string[] = creating ? ON_CREATION : EDITABLE;
  for (const name of Object.keys(fields))
    if (!allowed.includes(name))
      found[name] = `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
  if (creating || summary !== undefined) {
    if (typeof summary !== 'string' || summary.trim() === '')
      found['summary'] = 'You must specify a summary of the issue.';
    else if (summary.length > 255) found['summary'] = 'Summary must be less than 255 characters.';
    else if (summary.includes('\n'))
      found['summary'] = 'The summary is invalid because it contains newline characters.';
  }
  if (description !== undefined && !isAdf(description)) found['description'] = ADF_REFUSED;
  else if (isTooLong(description))
    found['description'] = 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.';
  if (priority !== undefined && !PRIORITIES.includes(nameOf(priority)))
    found['priority'] = 'Priority name is not valid';
  if (
    labels !== undefined &&
    !(Array.isArray(labels) && labels.every((l) => typeof l === 'string' && !/\s/.test(l) && l.length <= 255))
  )
    found['labels'] = "The label can't contain spaces.";
  if (creating) {
    if ((project as { key?: unknown } | undefined)?.key !== world.settings.projectKey)
      found['project'] = 'valid project is required';
    if (!world.settings.issueTypes.includes(nameOf(issuetype))) found['issuetype'] = 'Specify a valid issue type';
  }
  return found;
}

/** Writes checked fields; returns what is different now. */
export function writeFields(issue: StoredIssue, fields: Fields): HistoryItem[] {
  const items: HistoryItem[] = [];
  const note = (field: string, from: string, to: string) => {
    if (from !== to) items.push({ field, from: null, fromString: from, to: null, toString: to });
  };
  if (typeof fields['summary'] === 'string') {
    note('summary', issue.summary, fields['summary']);
    issue.summary = fields['summary'];
  }
  if (fields['description'] !== undefined) {
    note('description', JSON.stringify(issue.description), JSON.stringify(fields['description']));
    issue.description = fields['description'];
  }
  if (fields['priority'] !== undefined) {
    note('priority', issue.priority, nameOf(fields['priority']));
    issue.priority = nameOf(fields['priority']);
  }
  if (Array.isArray(fields['labels'])) {
    note('labels', issue.labels.join(' '), fields['labels'].join(' '));
    issue.labels = fields['labels'] as string[];
  }
  return items;
}

function withoutNulls(item: HistoryItem) {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
}

export function nameOf(value: unknown): string {
  return String((value as { name?: unknown } | null | undefined)?.name ?? '');
}

export function renderIssue(
  world: World,
  issue: StoredIssue,
  options: { self: string; changelog: boolean; fields: readonly string[] },
) {
  const person = (id: string) => {
    const account = accountById(world, id);
    return account ? renderAccount(account) : null;
  };
  const all: Fields = {
    summary: issue.summary,
    description: issue.description,
    status: renderStatus(world, issue.status),
    priority: { id: String(PRIORITIES.indexOf(issue.priority) + 1), name: issue.priority },
    labels: issue.labels,
    resolution: issue.resolution === null ? null : { name: issue.resolution },
    issuetype: { name: issue.issueType, subtask: false },
    project: { key: world.settings.projectKey },
    reporter: person(issue.reporterId),
    created: issue.created,
    updated: issue.updated,
  };
  const { fields } = options;
  const shown =
    fields.length === 0 ? all : Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name)));
  const histories = issue.history.toReversed().map(({ id, authorId, created, items }) => ({
    id,
    author: person(authorId),
    created,
    items: items.map((item) => ({ ...withoutNulls(item), fieldtype: 'jira', fieldId: item.field })),
  }));
  return {
    id: issue.id,
    key: issue.key,
    self: options.self,
    fields: shown,
    ...(options.changelog
      ? { changelog: { startAt: 0, maxResults: histories.length, total: histories.length, histories } }
      : {}),
  };
}
