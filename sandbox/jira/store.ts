import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HistoryItem } from './context.ts';

export interface Comment {
  readonly id: string;
  readonly body: unknown;
  readonly authorId: string;
  readonly created: string;
  readonly internal: boolean;
}
export interface History {
  readonly id: string;
  readonly authorId: string;
  readonly created: string;
  readonly items: readonly HistoryItem[];
}
export interface Approval {
  readonly id: string;
  decision: 'pending' | 'approved' | 'declined';
  readonly approvers: { readonly accountId: string; decision: 'pending' | 'approved' | 'declined' }[];
  readonly createdAt: number;
  completedAt: number | null;
}
export interface StoredIssue {
  readonly id: string;
  readonly key: string;
  readonly issueType: string;
  readonly reporterId: string;
  readonly created: string;
  /** Raised through the service desk. */
  readonly request: boolean;
  updated: string;
  summary: string;
  description: unknown;
  priority: string;
  labels: string[];
  /** Id of a status of the workflow. */
  status: string;
  resolution: string | null;
  comments: Comment[];
  history: History[];
  approval: Approval | null;
}

interface Saved {
  counter: number;
  issues: StoredIssue[];
  userProperties: Record<string, unknown>;
}

export interface Store {
  /** In order of creation. */
  issues(): StoredIssue[];
  /** By id or key. */
  issue(idOrKey: string): StoredIssue | undefined;
  add(make: (id: string, number: number) => StoredIssue): StoredIssue;
  /** A fresh number for comments, histories and approvals. */
  nextId(): string;
  readonly userProperties: Map<string, unknown>;
  /** To be called after every change. */
  save(): void;
}

const FIRST_ID = 10_001;

/** Everything in memory; written to `stateFile` at every change, so that a killed process loses nothing. */
export function createStore(stateFile?: string): Store {
  const saved: Saved =
    stateFile && existsSync(stateFile)
      ? (JSON.parse(readFileSync(stateFile, 'utf8')) as Saved)
      : { counter: FIRST_ID, issues: [], userProperties: {} };
  let { counter } = saved;
  const { issues } = saved;
  const userProperties = new Map(Object.entries(saved.userProperties));
  const save = () => {
    if (!stateFile) return;
    mkdirSync(dirname(stateFile), { recursive: true });
    const now: Saved = { counter, issues, userProperties: Object.fromEntries(userProperties) };
    writeFileSync(`${stateFile}.new`, JSON.stringify(now));
    renameSync(`${stateFile}.new`, stateFile);
  };
  return {
    issues: () => issues,
    issue: (idOrKey) => issues.find((issue) => issue.id === idOrKey || issue.key === idOrKey),
    add(make) {
      const issue = make(String(counter++), issues.length + 1);
      issues.push(issue);
      save();
      return issue;
    },
    nextId: () => String(counter++),
    userProperties,
    save,
  };
}
