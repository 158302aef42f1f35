import type { z } from 'zod';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { AdfDocument } from './adf.ts';
import type { JiraClient, JiraConfig } from './client.ts';
import { jiraError } from './errors.ts';
import { Approvals, CommentMade, CommentPage, Id, Issue, SearchPage, type Transition, Transitions } from './wire.ts';

const API = '/rest/api/3';
const PAGE = 100;
const MAX_PAGES = 50;
const FIELDS = 'summary,description,status,priority,labels';

/** The calls on issues that every part of this provider shares. */
export interface Issues {
  read(id: string): Promise<Issue>;
  /** With the history of its fields, newest first as Jira gives it. */
  readWithHistory(id: string): Promise<Issue>;
  edit(id: string, change: { fields: Record<string, unknown>; properties?: unknown[] }): Promise<void>;
  /** Issues of our project that carry the token, oldest first. The index lags: a new one may be missing for seconds. */
  search(token: string): Promise<{ id: string; key: string }[]>;
  transitions(id: string): Promise<Transition[]>;
  transition(id: string, to: { transitionId: string; fields: Record<string, unknown> }): Promise<void>;
  /** Whether any comment satisfies the test, newest first. */
  anyComment(id: string, test: (body: unknown) => boolean): Promise<boolean>;
  comment(id: string, body: AdfDocument): Promise<void>;
  /** Names of those whose approval is still missing; empty without a service desk. */
  pendingApprovers(id: string): Promise<string[]>;
}

export function createIssues(client: JiraClient, config: JiraConfig): Issues {
  const at = (id: string, rest = '') => `${API}/issue/${numeric(id)}${rest}`;
  const get = <T>(operation: string, path: string, shape: { query?: Record<string, string>; answer: z.ZodType<T> }) =>
    client.send({ operation, method: 'GET', path, ...shape });

  return {
    read: (id) => get('read issue', at(id), { query: { fields: FIELDS }, answer: Issue }),
    readWithHistory: (id) =>
      get('read issue', at(id), { query: { fields: FIELDS, expand: 'changelog' }, answer: Issue }),
    edit: (id, body) => client.send({ operation: 'edit issue', method: 'PUT', path: at(id), body, answer: null }),

    async search(token) {
      const jql = `project = "${config.projectKey}" AND (labels = "${token}" OR description ~ "${token}") ORDER BY created ASC`;
      const found: { id: string; key: string }[] = [];
      let nextPageToken: string | null | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const answer = await client.send({
          operation: 'find issue',
          method: 'POST',
          path: `${API}/search/jql`,
          body: { jql, fields: ['labels'], maxResults: PAGE, ...(nextPageToken ? { nextPageToken } : {}) },
          answer: SearchPage,
        });
        found.push(...answer.issues);
        nextPageToken = answer.nextPageToken;
        // A short or empty page says nothing about the next one.
        if (answer.isLast === true || !nextPageToken) return found;
      }
      throw jiraError(ProviderErrorKind.Malformed, 'find issue', {
        message: `the search has not ended after ${MAX_PAGES} pages`,
      });
    },

    async transitions(id) {
      const query = { expand: 'transitions.fields' };
      const answer = await get('list transitions', at(id, '/transitions'), { query, answer: Transitions });
      return answer.transitions.filter((transition) => transition.isAvailable);
    },
    transition: (id, { transitionId, fields }) =>
      client.send({
        operation: 'move issue',
        method: 'POST',
        path: at(id, '/transitions'),
        body: { transition: { id: transitionId }, ...(Object.keys(fields).length > 0 ? { fields } : {}) },
        answer: null,
      }),

    async anyComment(id, test) {
      for (let startAt = 0, page = 0; page < MAX_PAGES; page++) {
        const query = { startAt: String(startAt), maxResults: String(PAGE), orderBy: '-created' };
        const answer = await get('read comments', at(id, '/comment'), { query, answer: CommentPage });
        if (answer.comments.some((comment) => test(comment.body))) return true;
        startAt = answer.startAt + answer.comments.length;
        if (startAt >= answer.total || answer.comments.length === 0) return false;
      }
      return false;
    },
    async comment(id, body) {
      await client.send({
        operation: 'add comment',
        method: 'POST',
        path: at(id, '/comment'),
        // Plans and outcomes are for the team, not for the customers of a portal.
        body: config.serviceDesk
          ? { body, properties: [{ key: 'sd.public.comment', value: { internal: true } }] }
          : { body },
        answer: CommentMade,
      });
    },

    async pendingApprovers(id) {
      if (!config.serviceDesk) return [];
      const path = `/rest/servicedeskapi/request/${numeric(id)}/approval`;
      const { values } = await get('read approvals', path, { query: { limit: '50' }, answer: Approvals });
      return values
        .filter((approval) => approval.finalDecision === 'pending')
        .flatMap((approval) => approval.approvers)
        .filter((asked) => asked.approverDecision === 'pending')
        .map((asked) => asked.approver.displayName ?? asked.approver.accountId ?? 'somebody');
    },
  };
}

/** Ids come from records and stand in paths. */
function numeric(id: string): string {
  if (Id.safeParse(id).success) return id;
  throw jiraError(ProviderErrorKind.Terminal, 'read issue', { message: 'an issue id is a number, this one is not' });
}
