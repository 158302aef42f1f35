import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Store } from './store.ts';
import type { Workflow } from './workflow.ts';

export type Env = { Variables: { user: Account } };
export type Api = Hono<Env>;

export interface Account {
  readonly accountId: string;
  readonly displayName: string;
  readonly email: string;
  /** Privacy settings may hide the address: then nobody finds this person by it. */
  readonly emailHidden: boolean;
  readonly active: boolean;
  readonly approver: boolean;
}

export interface JiraSimulatorOptions {
  readonly projectKey?: string;
  readonly issueTypes?: readonly string[];
  /** Null: plain Jira without Service Management. */
  readonly serviceDesk?: { readonly id: string; readonly requestTypeId: string } | null;
  /** `change`: with approval and review. `simple`: To Do, In Progress, Done, from each to each. */
  readonly workflow?: Workflow;
  readonly email?: string;
  readonly apiToken?: string;
  readonly bearerToken?: string;
  /** API token of every person, who signs in with the e-mail address. */
  readonly personToken?: string;
  /** Priorities whose changes need nobody's approval. */
  readonly autoApprovedPriorities?: readonly string[];
  /** How long a new issue is missing from searches. */
  readonly indexLagMs?: number;
  /** Searches answer with an empty first page that has a next one. */
  readonly emptyFirstPage?: boolean;
  /** Largest page of comments, whatever is asked for. */
  readonly commentPage?: number;
  /** Statuses that the workflow has by another name: for unknown values. */
  readonly rename?: Readonly<Record<string, string>>;
  readonly webhook?: WebhookSettings | null;
}

export interface WebhookSettings {
  readonly url: () => string;
  readonly secret: string;
  /** How often each event is delivered. @default 1 */
  readonly copies?: number;
  /** Delivers events that come close together in the wrong order. */
  readonly reorder?: boolean;
}

export type Settings = Required<JiraSimulatorOptions>;

export const SETTINGS: Settings = {
  projectKey: 'OPS',
  issueTypes: ['Task', 'Change'],
  serviceDesk: { id: '4', requestTypeId: '27' },
  workflow: 'change',
  email: 'idlewise.integration@acme.example',
  apiToken: 'sandbox-api-token',
  bearerToken: 'sandbox-bearer',
  personToken: 'sandbox-person',
  autoApprovedPriorities: ['Lowest', 'Low', 'Medium'],
  indexLagMs: 400,
  emptyFirstPage: false,
  commentPage: 5000,
  rename: {},
  webhook: null,
};

/** What every part of the simulator works on. */
export interface World {
  readonly store: Store;
  readonly settings: Settings;
  readonly accounts: readonly Account[];
  /** Ids of issues the integration account may not see. */
  readonly hidden: Set<string>;
  /** Told after every change of an issue. */
  readonly changed: (event: IssueEvent) => void;
}

export interface IssueEvent {
  readonly webhookEvent: 'jira:issue_created' | 'jira:issue_updated';
  readonly issueId: string;
  readonly by: Account;
  readonly items: readonly HistoryItem[];
}
export interface HistoryItem {
  readonly field: string;
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  readonly toString: string | null;
}

/** Jira's error envelope: messages about the whole, and messages by field. */
export function failure(
  c: Context,
  status: ContentfulStatusCode,
  said: { messages?: readonly string[]; fields?: Readonly<Record<string, string>> },
) {
  return c.json({ errorMessages: said.messages ?? [], errors: said.fields ?? {} }, status);
}

export function notFound(c: Context) {
  return failure(c, 404, { messages: ['Issue does not exist or you do not have permission to see it.'] });
}

export async function readBody(c: Context): Promise<Record<string, unknown>> {
  const body: unknown = await c.req.json().catch(() => ({}));
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

/** A user as other people see it. */
export function renderAccount(account: Account) {
  return {
    accountId: account.accountId,
    accountType: 'atlassian',
    displayName: account.displayName,
    active: account.active,
    ...(account.emailHidden ? {} : { emailAddress: account.email }),
  };
}

export function accountById(world: World, accountId: string): Account | undefined {
  return world.accounts.find((account) => account.accountId === accountId);
}
