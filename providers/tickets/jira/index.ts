import type { SecretsPort } from '../../../ports/secrets.ts';
import type { TicketPort } from '../../../ports/tickets.ts';
import { createJiraClient, type JiraClient, type JiraConfig } from './client.ts';
import { endChange } from './close.ts';
import { createOnce, findIssue, refresh } from './create.ts';
import { createIntents } from './intents.ts';
import { createIssues } from './issues.ts';
import { addNoteOnce } from './notes.ts';
import { isOver, toStatus } from './states.ts';
import { operationToken, TOKEN } from './texts.ts';
import { transitionTo } from './transitions.ts';
import { Myself, SearchPage } from './wire.ts';

export interface JiraTicketsOptions {
  readonly config: JiraConfig;
  readonly secrets: SecretsPort;
  readonly client?: JiraClient;
  /** Searches after a creation whose answer was lost, and the time between them. @default 6 × 500 ms */
  readonly search?: { readonly attempts: number; readonly everyMs: number };
  readonly now?: () => number;
}

/**
 * Issues in Jira Cloud, or requests in Jira Service Management when `serviceDesk` is configured. One issue per operation:
 * its number is kept with the account's own user, and on the issue stands a token that can be searched for. The
 * integration account never approves: an issue that needs a person's approval stays, and `moveTo` says so.
 */
export function createJiraTickets(options: JiraTicketsOptions): TicketPort {
  const { config, secrets, search = { attempts: 6, everyMs: 500 }, now = Date.now } = options;
  const client = options.client ?? createJiraClient({ config, secrets });
  const issues = createIssues(client, config);
  const intents = createIntents(client);
  const creator = { client, config, issues, intents, search, now };
  const walker = { issues, config };

  const toRef = ({ id, key }: { id: string; key: string }) => ({
    system: 'jira',
    id,
    number: key,
    url: `${client.siteUrl}/browse/${key}`,
  });
  const statusOf = async (id: string) => {
    const issue = await issues.read(id);
    // Who ended it stands in the history alone.
    return toStatus(config, isOver(config, issue) ? await issues.readWithHistory(id) : issue);
  };

  return {
    vendor: 'jira',
    async ensure(draft) {
      const found = await findIssue(creator, operationToken(draft.correlationId));
      const made = found ?? (await createOnce(creator, draft));
      await refresh(creator, made, draft);
      return { ...toRef(made), created: found === null };
    },
    status: (ref) => statusOf(ref.id),
    moveTo: async (ref, stage) => toStatus(config, await transitionTo(walker, ref.id, stage)),
    addNote: (ref, note) => addNoteOnce(issues, ref.id, note),
    async close(ref, end) {
      const issue = await endChange(walker, ref.id, end);
      const token = issue.fields.labels.find((label) => TOKEN.test(label));
      // By now the index knows the issue; the account keeps nothing of what is over.
      if (token) await intents.forget(token);
      return statusOf(ref.id);
    },
    async check() {
      const me = await client.send({ operation: 'check', method: 'GET', path: '/rest/api/3/myself', answer: Myself });
      await client.send({
        operation: 'check',
        method: 'POST',
        path: '/rest/api/3/search/jql',
        body: { jql: `project = "${config.projectKey}"`, fields: ['status'], maxResults: 1 },
        answer: SearchPage,
      });
      return `project ${config.projectKey} on ${client.siteUrl} is readable as ${me.displayName}`;
    },
  };
}
