import assert from 'node:assert/strict';
import { it } from 'node:test';
import { HttpException, ServiceDeskClient, Version3Client } from 'jira.js';
import { draft } from '../servicenow/harness.ts';
import { jiraTicketsOn, startSite } from './jira-harness.ts';

const as = (host: string, email: string, apiToken: string) => ({
  host,
  authentication: { basic: { email, apiToken } },
});

/** A client we did not write sees the site as we do: simulator and provider do not share one wrong idea. */
it('jira.js finds, reads and moves what this provider has created', async (t) => {
  const site = await startSite(t);
  const ticket = await jiraTicketsOn(site).ensure(draft());
  await jiraTicketsOn(site).addNote(ticket, { marker: 'm', text: 'Hello.' });
  const client = new Version3Client(as(site.url, 'idlewise.integration@acme.example', 'sandbox-api-token'));

  const issue = await client.issues.getIssue({ issueIdOrKey: ticket.number });
  assert.equal(issue.id, ticket.id);
  assert.equal(issue.fields.summary, 'Stop idle instance web-idle-1');
  const { comments = [] } = await client.issueComments.getComments({ issueIdOrKey: ticket.id });
  assert.match(JSON.stringify(comments[0]?.body), /Hello\./);
  await new Promise((resolve) => setTimeout(resolve, 80));
  const found = await client.issueSearch.searchForIssuesUsingJqlEnhancedSearchPost({
    jql: 'project = OPS',
    fields: ['status'],
  });
  assert.deepEqual(
    found.issues?.map((hit) => hit.key),
    [ticket.number],
  );

  const { transitions = [] } = await client.issues.getTransitions({ issueIdOrKey: ticket.id });
  const submit = transitions.find((transition) => transition.to?.name === 'Waiting for approval');
  await client.issues.doTransition({ issueIdOrKey: ticket.id, transition: { id: submit?.id ?? '' } });
  assert.equal((await jiraTicketsOn(site).status(ticket)).stage, 'awaiting-approval');
});

it('jira.js is refused what the real site refuses', async (t) => {
  const site = await startSite(t);
  const client = new Version3Client(as(site.url, 'idlewise.integration@acme.example', 'sandbox-api-token'));
  const refused = (status: number) => (error: unknown) => error instanceof HttpException && error.status === status;
  await assert.rejects(client.issues.getIssue({ issueIdOrKey: 'OPS-99' }), refused(404));
  const fields = { project: { key: 'OPS' }, issuetype: { name: 'Task' }, summary: '' };
  await assert.rejects(client.issues.createIssue({ fields }), refused(400));
  await assert.rejects(
    client.issueSearch.searchForIssuesUsingJqlEnhancedSearchPost({ jql: 'status = Open' }),
    refused(400),
  );
  const stranger = new Version3Client(as(site.url, 'idlewise.integration@acme.example', 'wrong'));
  await assert.rejects(stranger.myself.getCurrentUser(), refused(401));
});

it('an approver decides with jira.js, once, and nobody else does', async (t) => {
  const site = await startSite(t, { config: { serviceDesk: { id: '4', requestTypeId: '27' } } });
  const tickets = jiraTicketsOn(site);
  const ticket = await tickets.ensure(draft({ riskLevel: 'high' }));
  await tickets.moveTo(ticket, 'awaiting-approval');
  const serviceDesk = (email: string) => new ServiceDeskClient(as(site.url, email, 'sandbox-person'));
  const asked = { issueIdOrKey: ticket.number, approvalId: Number(site.sim.store.issue(ticket.id)?.approval?.id) };
  const answer = (email: string) => serviceDesk(email).request.answerApproval({ ...asked, decision: 'approve' });
  const refused = (status: number) => (error: unknown) => error instanceof HttpException && error.status === status;
  await assert.rejects(answer('dev@acme.example'), refused(403));
  assert.equal((await answer('ana@acme.example')).finalDecision, 'approved');
  await assert.rejects(answer('ben@acme.example'), refused(409));
  assert.equal((await tickets.moveTo(ticket, 'scheduled')).stage, 'scheduled');
});
