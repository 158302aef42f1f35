import { setTimeout as delay } from 'node:timers/promises';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { TicketDraft } from '../../../ports/tickets.ts';
import { adfText } from './adf.ts';
import type { JiraClient, JiraConfig } from './client.ts';
import { isUncertain, jiraError } from './errors.ts';
import type { Intents } from './intents.ts';
import type { Issues } from './issues.ts';
import { descriptionOf, operationToken, summaryOf } from './texts.ts';
import { Created, CreatedRequest, Users } from './wire.ts';

export interface Creator {
  readonly client: JiraClient;
  readonly config: JiraConfig;
  readonly issues: Issues;
  readonly intents: Intents;
  /** Searches after a creation whose answer was lost, and the time between them. */
  readonly search: { readonly attempts: number; readonly everyMs: number };
  readonly now: () => number;
}
type Made = { id: string; key: string };

/**
 * Creates the issue and remembers it. A POST whose answer was lost is never sent again at once: either the issue can be
 * found now, or the caller comes back when the index must have it.
 */
export async function createOnce(creator: Creator, draft: TicketDraft): Promise<Made> {
  const { issues, intents, search, now } = creator;
  const token = operationToken(draft.correlationId);
  const startedAt = now();
  await intents.put(token, { startedAt, issueId: null });
  const made = await post(creator, draft, token).catch(async (error: unknown) => {
    if (!isUncertain(error)) {
      await intents.forget(token).catch(() => undefined);
      throw error;
    }
    for (let attempt = 0; attempt < search.attempts; attempt++) {
      await delay(search.everyMs);
      const [found] = await issues.search(token).catch(() => []);
      if (found) return found;
    }
    throw error;
  });
  await intents.put(token, { startedAt, issueId: made.id });
  return made;
}

async function post(creator: Creator, draft: TicketDraft, token: string): Promise<Made> {
  const { client, config } = creator;
  if (config.serviceDesk) return postRequest(creator, draft, config.serviceDesk);
  return client.send({
    operation: 'create issue',
    method: 'POST',
    path: '/rest/api/3/issue',
    body: {
      fields: {
        project: { key: config.projectKey },
        issuetype: { name: config.issueType },
        ...wantedFields(config, draft),
        labels: [token],
      },
    },
    answer: Created,
  });
}

/** A portal's form takes neither labels nor priority: those follow as an edit, at the first and at every later `ensure`. */
async function postRequest(
  creator: Creator,
  draft: TicketDraft,
  serviceDesk: { id: string; requestTypeId: string },
): Promise<Made> {
  const { summary, description } = wantedFields(creator.config, draft);
  const behalf = draft.requestedFor === null ? null : await accountOf(creator.client, draft.requestedFor);
  return creator.client.send({
    operation: 'create request',
    method: 'POST',
    path: '/rest/servicedeskapi/request',
    body: {
      serviceDeskId: serviceDesk.id,
      requestTypeId: serviceDesk.requestTypeId,
      requestFieldValues: { summary, description },
      isAdfRequest: true,
      ...(behalf === null ? {} : { raiseOnBehalfOf: behalf }),
    },
    answer: CreatedRequest,
  });
}

/** E-mail addresses may be hidden: none, or more than one, gives null. Better no one than the wrong one. */
async function accountOf(client: JiraClient, email: string): Promise<string | null> {
  const users = await client.send({
    operation: 'find user',
    method: 'GET',
    path: '/rest/api/3/user/search',
    query: { query: email, maxResults: '2' },
    answer: Users,
  });
  const active = users.filter((user) => user.active);
  return users.length === 1 ? (active[0]?.accountId ?? null) : null;
}

/** Changes only what differs, and nothing on an issue that is over. Documents are compared by their text: sites normalise them. */
export async function refresh(creator: Creator, made: Made, draft: TicketDraft): Promise<void> {
  const { config, issues } = creator;
  const token = operationToken(draft.correlationId);
  const { fields } = await issues.read(made.id);
  if (fields.status.statusCategory.key === 'done') return;
  const wanted = wantedFields(config, draft);
  const changes = {
    ...(fields.summary === wanted.summary ? {} : { summary: wanted.summary }),
    ...(adfText(fields.description) === adfText(wanted.description) ? {} : { description: wanted.description }),
    ...(wanted.priority && fields.priority?.name !== wanted.priority.name ? { priority: wanted.priority } : {}),
    ...(fields.labels.includes(token) ? {} : { labels: [...fields.labels, token] }),
  };
  if (Object.keys(changes).length > 0) await issues.edit(made.id, { fields: changes });
}

function wantedFields(config: JiraConfig, draft: TicketDraft) {
  const priority = config.priorities?.[draft.riskLevel];
  return {
    summary: summaryOf(draft),
    description: descriptionOf(draft),
    ...(priority === undefined ? {} : { priority: { name: priority } }),
  };
}

/**
 * The issue of an operation, if there is or may be one.
 * @throws Unauthorised when it exists and is withheld from us, RetryAfter while one may still come up in the index.
 */
export async function findIssue(creator: Creator, token: string): Promise<Made | null> {
  const { issues, intents, config, now } = creator;
  const intent = await intents.get(token);
  if (intent?.issueId) {
    const issue = await issues.read(intent.issueId).catch((error: unknown) => {
      throw withheld(error, intent.issueId ?? '');
    });
    return { id: issue.id, key: issue.key };
  }
  const [found] = await issues.search(token);
  if (found) {
    await intents.put(token, { startedAt: intent?.startedAt ?? now(), issueId: found.id });
    return found;
  }
  const left = intent === null ? 0 : intent.startedAt + config.indexLag - now();
  if (left <= 0) return null;
  throw jiraError(ProviderErrorKind.RetryAfter, 'find issue', {
    message: 'an issue may have been created that the index does not show yet; not creating a second one',
    retryAfterMs: left,
  });
}

/** 404 also means "no permission": a second issue would be worse than none. */
function withheld(error: unknown, issueId: string): unknown {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status !== 404) return error;
  return jiraError(ProviderErrorKind.Unauthorised, 'find issue', {
    status: 404,
    message: `issue ${issueId} of this operation is not visible any more; restore it, or the integration account's access to it`,
  });
}
