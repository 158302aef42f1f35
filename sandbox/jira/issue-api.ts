import { type Context, Hono } from 'hono';
import { isAdf } from './adf.ts';
import {
  type Account,
  type Api,
  accountById,
  type Env,
  failure,
  notFound,
  readBody,
  renderAccount,
  type World,
} from './context.ts';
import { nameOf, problemsOf, renderIssue, writeFields } from './issue-fields.ts';
import type { Comment, StoredIssue } from './store.ts';
import { enter, OPEN, openSteps, RESOLUTIONS, record, renderStatus } from './workflow.ts';

/** Issues, their transitions and comments: `/rest/api/3/issue`. */
export function createIssueApi(world: World): Api {
  const { store, settings } = world;
  const api = new Hono<Env>();

  api.post('/', async (c) => {
    const body = await readBody(c);
    const fields = fieldsOf(body);
    const problems = problemsOf(world, fields, true);
    if (Object.keys(problems).length > 0) return failure(c, 400, { fields: problems });
    const issue = createIssue(world, {
      fields,
      by: c.get('user'),
      request: false,
      issueType: nameOf(fields['issuetype']),
    });
    return c.json({ id: issue.id, key: issue.key, self: selfOf(c, issue) }, 201);
  });

  const withIssue = (c: Context<Env>, run: (issue: StoredIssue) => Response | Promise<Response>) => {
    const issue = store.issue(c.req.param('id') ?? '');
    return issue && isVisible(world, issue, c.get('user')) ? run(issue) : notFound(c);
  };

  api.get('/:id', (c) =>
    withIssue(c, (issue) => {
      const fields = (c.req.query('fields') ?? '').split(',').filter((name) => name !== '' && name !== '*all');
      const changelog = (c.req.query('expand') ?? '').split(',').includes('changelog');
      return c.json(renderIssue(world, issue, { self: selfOf(c, issue), changelog, fields }));
    }),
  );
  api.put('/:id', (c) =>
    withIssue(c, async (issue) => {
      const fields = fieldsOf(await readBody(c));
      const problems = problemsOf(world, fields, false);
      if (Object.keys(problems).length > 0) return failure(c, 400, { fields: problems });
      const items = writeFields(issue, fields);
      if (items.length > 0) record(world, issue, { by: c.get('user'), items });
      return c.body(null, 204);
    }),
  );

  api.get('/:id/transitions', (c) =>
    withIssue(c, (issue) => {
      const expanded = (c.req.query('expand') ?? '').includes('transitions.fields');
      const transitions = openSteps(world, issue).map((step) => ({
        id: step.id,
        name: step.name,
        to: renderStatus(world, step.to),
        hasScreen: step.resolution === true,
        isGlobal: step.from === 'any',
        isInitial: false,
        isConditional: step.condition !== undefined,
        isAvailable: true,
        ...(expanded ? { fields: step.resolution ? { resolution: RESOLUTION_FIELD } : {} } : {}),
      }));
      return c.json({ expand: 'transitions', transitions });
    }),
  );
  api.post('/:id/transitions', (c) =>
    withIssue(c, async (issue) => {
      const body = await readBody(c);
      const id = String((body['transition'] as { id?: unknown } | undefined)?.id ?? '');
      const step = openSteps(world, issue).find((open) => open.id === id);
      if (!step) {
        const message = `It seems that you have tried to perform a workflow operation (${id}) that is not valid for the current state of this issue.`;
        return failure(c, 400, { messages: [message] });
      }
      const fields = fieldsOf(body);
      const resolution = fields['resolution'] === undefined ? null : nameOf(fields['resolution']);
      if (resolution !== null && !step.resolution)
        return failure(c, 400, {
          fields: { resolution: "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown." },
        });
      if (step.resolution && !RESOLUTIONS.includes(resolution ?? ''))
        return failure(c, 400, { fields: { resolution: 'Resolution is required.' } });
      enter(world, issue, { to: step.to, by: c.get('user'), resolution });
      return c.body(null, 204);
    }),
  );

  api.get('/:id/comment', (c) =>
    withIssue(c, (issue) => {
      const startAt = Number(c.req.query('startAt') ?? 0);
      const maxResults = Math.min(Number(c.req.query('maxResults') ?? 5000), settings.commentPage);
      const ordered = c.req.query('orderBy') === '-created' ? issue.comments.toReversed() : issue.comments;
      const comments = ordered.slice(startAt, startAt + maxResults).map((comment) => renderComment(world, comment));
      return c.json({ startAt, maxResults, total: issue.comments.length, comments });
    }),
  );
  api.post('/:id/comment', (c) =>
    withIssue(c, async (issue) => {
      const body = await readBody(c);
      if (!isAdf(body['body'])) return failure(c, 400, { fields: { comment: 'Comment body is not valid!' } });
      const properties = (body['properties'] ?? []) as { key?: string; value?: { internal?: boolean } }[];
      const comment: Comment = {
        id: store.nextId(),
        body: body['body'],
        authorId: c.get('user').accountId,
        created: new Date().toISOString(),
        internal: properties.some((p) => p.key === 'sd.public.comment' && p.value?.internal === true),
      };
      issue.comments.push(comment);
      record(world, issue, { by: c.get('user'), items: [] });
      return c.json(renderComment(world, comment), 201);
    }),
  );
  return api;
}

const RESOLUTION_FIELD = {
  required: true,
  name: 'Resolution',
  key: 'resolution',
  hasDefaultValue: false,
  operations: ['set'],
  schema: { type: 'resolution', system: 'resolution' },
  allowedValues: RESOLUTIONS.map((name, i) => ({ id: String(10_000 + i), name })),
};

export function createIssue(
  world: World,
  made: { fields: Record<string, unknown>; by: Account; request: boolean; issueType: string },
): StoredIssue {
  const now = new Date().toISOString();
  const issue = world.store.add((id, number) => ({
    id,
    key: `${world.settings.projectKey}-${number}`,
    issueType: made.issueType,
    reporterId: made.by.accountId,
    created: now,
    request: made.request,
    updated: now,
    summary: '',
    description: null,
    priority: 'Medium',
    labels: [],
    status: OPEN,
    resolution: null,
    comments: [],
    history: [],
    approval: null,
  }));
  writeFields(issue, made.fields);
  world.store.save();
  world.changed({ webhookEvent: 'jira:issue_created', issueId: issue.id, by: made.by, items: [] });
  return issue;
}

export function isVisible(world: World, issue: StoredIssue, user: Account): boolean {
  return user.email !== world.settings.email || !world.hidden.has(issue.id);
}

export function selfOf(c: Context, issue: StoredIssue): string {
  return `${new URL(c.req.url).origin}/rest/api/3/issue/${issue.id}`;
}

function fieldsOf(body: Record<string, unknown>): Record<string, unknown> {
  const fields = body['fields'];
  return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : {};
}

function renderComment(world: World, comment: Comment) {
  const author = accountById(world, comment.authorId);
  return {
    id: comment.id,
    author: author ? renderAccount(author) : null,
    body: comment.body,
    created: comment.created,
    updated: comment.created,
    jsdPublic: !comment.internal,
  };
}
