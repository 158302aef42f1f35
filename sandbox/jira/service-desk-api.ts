import { type Context, Hono } from 'hono';
import { isAdf } from './adf.ts';
import { decide, Refused } from './approvals.ts';
import { type Api, accountById, type Env, readBody, renderAccount, type World } from './context.ts';
import { createIssue, isVisible } from './issue-api.ts';
import { problemsOf } from './issue-fields.ts';
import type { Approval, StoredIssue } from './store.ts';
import { statusOf } from './workflow.ts';

const STATUS_CATEGORY = { new: 'NEW', indeterminate: 'INDETERMINATE', done: 'DONE' } as const;

/** Requests and their approvals: `/rest/servicedeskapi`. */
export function createServiceDeskApi(world: World): Api {
  const { store, settings } = world;
  const api = new Hono<Env>();
  const refuse = (c: Context, status: 400 | 403 | 404 | 409, errorMessage: string) =>
    c.json({ errorMessage, i18nErrorMessage: { i18nKey: 'sd.error', parameters: [] } }, status);

  api.post('/request', async (c) => {
    const serviceDesk = settings.serviceDesk;
    const body = await readBody(c);
    if (!serviceDesk || body['serviceDeskId'] !== serviceDesk.id)
      return refuse(c, 404, 'The service desk could not be found.');
    if (body['requestTypeId'] !== serviceDesk.requestTypeId)
      return refuse(c, 400, 'The request type could not be found.');
    const values = (body['requestFieldValues'] ?? {}) as Record<string, unknown>;
    const rich = body['isAdfRequest'] === true;
    if (values['description'] !== undefined && rich !== isAdf(values['description']))
      return refuse(c, 400, 'description: rich text is taken only with isAdfRequest, and only rich text then.');
    const offForm = Object.keys(values).find((name) => !['summary', 'description'].includes(name));
    if (offForm) return refuse(c, 400, `${offForm}: this field is not on the form of the request type.`);
    const fields = { ...values, project: { key: settings.projectKey }, issuetype: { name: settings.issueTypes[0] } };
    const [problem] = Object.values(problemsOf(world, { ...fields, description: undefined }, true));
    if (problem) return refuse(c, 400, problem);
    const behalf = body['raiseOnBehalfOf'];
    const by = behalf === undefined ? c.get('user') : accountById(world, String(behalf));
    if (!by) return refuse(c, 400, 'The customer could not be found.');
    const issue = createIssue(world, {
      fields: values,
      by,
      request: true,
      issueType: settings.issueTypes[0] ?? 'Task',
    });
    return c.json(
      {
        issueId: issue.id,
        issueKey: issue.key,
        ...serviceDeskIds(serviceDesk),
        currentStatus: currentStatus(world, issue),
      },
      201,
    );
  });

  const withRequest = (c: Context<Env>, run: (issue: StoredIssue) => Response | Promise<Response>) => {
    const issue = store.issue(c.req.param('id') ?? '');
    return issue?.request && isVisible(world, issue, c.get('user'))
      ? run(issue)
      : refuse(c, 404, 'The request could not be found, or you do not have permission to see it.');
  };
  api.get('/request/:id', (c) =>
    withRequest(c, (issue) =>
      c.json({ issueId: issue.id, issueKey: issue.key, currentStatus: currentStatus(world, issue) }),
    ),
  );
  api.get('/request/:id/approval', (c) =>
    withRequest(c, (issue) => {
      const values = issue.approval ? [renderApproval(world, issue.approval, c.get('user').accountId)] : [];
      return c.json({
        size: values.length,
        start: 0,
        limit: Number(c.req.query('limit') ?? 50),
        isLastPage: true,
        values,
        _links: {},
      });
    }),
  );
  const one = (c: Context<Env>, run: (issue: StoredIssue, approval: Approval) => Response | Promise<Response>) =>
    withRequest(c, (issue) =>
      issue.approval?.id === c.req.param('approval') && issue.approval
        ? run(issue, issue.approval)
        : refuse(c, 404, 'The approval could not be found.'),
    );
  api.get('/request/:id/approval/:approval', (c) =>
    one(c, (_, approval) => c.json(renderApproval(world, approval, c.get('user').accountId))),
  );
  api.post('/request/:id/approval/:approval', (c) =>
    one(c, async (issue, approval) => {
      const { decision } = await readBody(c);
      if (decision !== 'approve' && decision !== 'decline')
        return refuse(c, 400, 'decision must be approve or decline.');
      try {
        decide(world, issue, { by: c.get('user'), decision });
      } catch (error) {
        if (error instanceof Refused) return refuse(c, error.completed ? 409 : 403, error.message);
        throw error;
      }
      return c.json(renderApproval(world, approval, c.get('user').accountId));
    }),
  );
  return api;
}

function serviceDeskIds(serviceDesk: { id: string; requestTypeId: string }) {
  return { serviceDeskId: serviceDesk.id, requestTypeId: serviceDesk.requestTypeId };
}

function currentStatus(world: World, issue: StoredIssue) {
  const { name, category } = statusOf(world, issue.status);
  return { status: name, statusCategory: STATUS_CATEGORY[category], statusDate: date(Date.parse(issue.updated)) };
}

function renderApproval(world: World, approval: Approval, caller: string) {
  const pending = approval.decision === 'pending';
  const asked = (id: string) => approval.approvers.some((a) => a.accountId === id && a.decision === 'pending');
  return {
    id: approval.id,
    name: 'Waiting for approval',
    finalDecision: approval.decision,
    canAnswerApproval: pending && asked(caller),
    approvers: approval.approvers.flatMap(({ accountId, decision }) => {
      const account = accountById(world, accountId);
      return account ? [{ approver: renderAccount(account), approverDecision: decision }] : [];
    }),
    createdDate: date(approval.createdAt),
    ...(approval.completedAt === null ? {} : { completedDate: date(approval.completedAt) }),
  };
}

function date(epochMillis: number) {
  const iso8601 = new Date(epochMillis).toISOString();
  return { iso8601, jira: iso8601, friendly: iso8601.slice(0, 16).replace('T', ' '), epochMillis };
}
