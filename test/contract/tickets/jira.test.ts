import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Config } from '../../../config/schema.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { createJiraTickets } from '../../../providers/tickets/jira/index.ts';
import { isAdf, textOf } from '../../../sandbox/jira/adf.ts';
import { draft } from '../servicenow/harness.ts';
import { jiraSecrets, jiraTicketsOn, startSite } from './jira-harness.ts';

const DESK = { serviceDesk: { id: '4', requestTypeId: '27' } };

describe('Jira tickets: what stands on the issue', () => {
  it('holds the whole context as rich text, nothing of it as a link, and the priority of its risk', async (t) => {
    const site = await startSite(t);
    const evil = '[click](javascript:alert(1)) <script>alert(1)</script>\u0000\nsecond line\n\n\nthird';
    const ticket = await jiraTicketsOn(site).ensure(
      draft({ description: evil, riskLevel: 'critical', ciId: 'ci-1', assignmentGroup: 'Platform' }),
    );
    const issue = site.sim.store.issue(ticket.id);
    assert.ok(isAdf(issue?.description));
    assert.doesNotMatch(JSON.stringify(issue?.description), /"link"|u0000/);
    for (const part of ['second line', 'Saves 61.20', 'Stop the instance.', 'Start the instance.', 'ci-1', 'Platform'])
      assert.ok(textOf(issue?.description).includes(part), part);
    assert.equal(issue?.priority, 'Highest');
    assert.doesNotMatch(await (await fetch(ticket.url)).text(), /<script>alert\(1\)/);
  });

  it('keeps labels that people added, and brings back its own', async (t) => {
    const site = await startSite(t);
    const ticket = await jiraTicketsOn(site).ensure(draft());
    const issue = site.sim.store.issue(ticket.id);
    const own = issue?.labels ?? [];
    assert.equal(own.length, 1);
    if (issue) issue.labels = ['people'];
    await jiraTicketsOn(site).ensure(draft());
    assert.deepEqual(issue?.labels, ['people', ...own]);
  });

  it('writes notes that the customers of a service desk do not see', async (t) => {
    const site = await startSite(t, { config: DESK });
    const ticket = await jiraTicketsOn(site).ensure(draft());
    await jiraTicketsOn(site).addNote(ticket, { marker: 'm', text: 'n' });
    assert.equal(site.sim.store.issue(ticket.id)?.comments[0]?.internal, true);
  });

  it('finds a note of its own behind pages of other comments', async (t) => {
    const site = await startSite(t, { sim: { commentPage: 2 } });
    const tickets = jiraTicketsOn(site);
    const ticket = await tickets.ensure(draft());
    for (const marker of ['1', '2', '3', '4', '5']) await tickets.addNote(ticket, { marker, text: 'n' });
    assert.deepEqual(await tickets.addNote(ticket, { marker: '1', text: 'n' }), { created: false });
  });

  it('raises a request on behalf of a person only when the address finds exactly that one', async (t) => {
    const site = await startSite(t, { config: DESK });
    const known = await jiraTicketsOn(site).ensure(draft({ requestedFor: 'dev@acme.example' }));
    const hidden = await jiraTicketsOn(site).ensure(
      draft({ correlationId: 'b', requestedFor: 'mallory@acme.example' }),
    );
    const reporter = (id: string) => site.sim.store.issue(id)?.reporterId;
    assert.notEqual(reporter(known.id), reporter(hidden.id));
    assert.equal(site.calls('POST', /servicedeskapi/), 2);
  });
});

describe('Jira tickets: creation', () => {
  it('waits for the index instead of creating a second issue after a crash', async (t) => {
    const site = await startSite(t, { sim: { indexLagMs: 700 }, config: { indexLag: 5000 } });
    site.sim.faults.push({ path: '/rest/api/3/issue', body: 'summary', kind: 'reset-after-effect', times: 1 });
    const hasty = createJiraTickets({ config: site.config, secrets: jiraSecrets, search: { attempts: 1, everyMs: 1 } });
    await assert.rejects(hasty.ensure(draft()), (e) => isProviderError(e, 'unavailable'));
    await assert.rejects(
      hasty.ensure(draft()),
      (e) => isProviderError(e, 'retry-after') && (e.retryAfterMs ?? 0) > 2000 && (e.retryAfterMs ?? 0) <= 5000,
    );
    await new Promise((resolve) => setTimeout(resolve, 750));
    const ticket = await hasty.ensure(draft());
    assert.equal(site.sim.store.issues().length, 1);
    assert.equal(ticket.id, site.sim.store.issues()[0]?.id);
  });

  it('reads on after an empty first page of a search', async (t) => {
    const site = await startSite(t, { sim: { emptyFirstPage: true } });
    site.sim.faults.push({ path: '/rest/api/3/issue', body: 'summary', kind: 'reset-after-effect', times: 1 });
    const ticket = await jiraTicketsOn(site).ensure(draft());
    assert.equal(site.sim.store.issues()[0]?.id, ticket.id);
  });

  it('says which field was refused, and may create at once after it was mended', async (t) => {
    const site = await startSite(t);
    const wrong = { config: { ...site.config, issueType: 'Epic' } };
    await assert.rejects(
      jiraTicketsOn(wrong).ensure(draft()),
      (e) => isProviderError(e, 'terminal') && /issuetype: Specify a valid issue type/.test(e.message),
    );
    assert.equal((await jiraTicketsOn(site).ensure(draft())).created, true);
  });

  it('keeps nothing with the account once the ticket is closed, and issues over a restart', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'idlewise-jira-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const stateFile = join(folder, 'jira.json');
    const site = await startSite(t, { stateFile });
    const ticket = await jiraTicketsOn(site).ensure(draft());
    assert.equal(site.sim.store.userProperties.size, 1);
    await site.sim.stop();
    const again = await startSite(t, { stateFile });
    assert.equal((await jiraTicketsOn(again).ensure(draft())).id, ticket.id);
    await jiraTicketsOn(again).close(ticket, { result: 'cancelled', notes: 'n' });
    assert.equal(again.sim.store.userProperties.size, 0);
    await new Promise((resolve) => setTimeout(resolve, 80));
    assert.equal((await jiraTicketsOn(again).ensure(draft())).id, ticket.id, 'found by its label');
  });
});

describe('Jira tickets: the way of an issue', () => {
  it('closes with comment and resolution over every status of the workflow', async (t) => {
    const site = await startSite(t);
    const tickets = jiraTicketsOn(site);
    const ticket = await tickets.ensure(draft());
    assert.equal((await tickets.close(ticket, { result: 'successful', notes: 'Proved.' })).vendorState, 'Done');
    const issue = site.sim.store.issue(ticket.id);
    assert.equal(issue?.resolution, 'Done');
    assert.match(textOf(issue?.comments[0]?.body), /^Outcome: successful\. Proved\./);
    const moves = issue?.history.flatMap((h) => h.items.filter((i) => i.field === 'status').map((i) => i.to));
    assert.deepEqual(moves, ['10010', '10011', '10012', '10013', '10014']);
  });

  it('works with a small workflow that has neither approval nor "cancelled"', async (t) => {
    const site = await startSite(t, { sim: { workflow: 'simple' } });
    const tickets = jiraTicketsOn(site);
    const ticket = await tickets.ensure(draft());
    await assert.rejects(tickets.moveTo(ticket, 'scheduled'), /open transitions: In Progress, Done/);
    assert.equal((await tickets.moveTo(ticket, 'implementing')).vendorState, 'In Progress');
    assert.equal((await tickets.close(ticket, { result: 'cancelled', notes: 'n' })).vendorState, 'Done');
    assert.match(textOf(site.sim.store.issue(ticket.id)?.comments[0]?.body), /^Outcome: cancelled/);
  });

  it('keeps a status it does not know, marks it, and moves on only straight to the goal', async (t) => {
    const site = await startSite(t, { sim: { rename: { Scheduled: 'Parked', Done: 'Ausgeliefert' } } });
    const tickets = jiraTicketsOn(site);
    const ticket = await tickets.ensure(draft());
    const issue = site.sim.store.issue(ticket.id);
    if (issue) issue.status = '10011';
    assert.deepEqual(await tickets.status(ticket), {
      stage: 'implementing',
      vendorState: 'Parked',
      closedBy: null,
      unmapped: true,
    });
    await assert.rejects(tickets.moveTo(ticket, 'reviewing'), /Parked to reviewing: .*not in tickets\.jira\.statuses/);
    assert.equal((await tickets.moveTo(ticket, 'implementing')).vendorState, 'Implementing');
    if (issue) issue.status = '10014';
    const over = await tickets.status(ticket);
    assert.deepEqual([over.stage, over.vendorState, over.unmapped], ['closed', 'Ausgeliefert', true]);
  });

  it('looks again after a conflict or a lost answer instead of repeating the transition', async (t) => {
    const site = await startSite(t);
    const tickets = jiraTicketsOn(site);
    const ticket = await tickets.ensure(draft());
    site.sim.faults.push({ path: '/transitions', body: '"transition"', kind: 'reset-after-effect', times: 1 });
    assert.equal((await tickets.moveTo(ticket, 'awaiting-approval')).stage, 'awaiting-approval');
    assert.equal(site.calls('POST', /transitions$/), 1);
    site.sim.faults.push({ path: '/transitions', body: '"transition"', kind: 'status', status: 409, times: 1 });
    await assert.rejects(tickets.moveTo(ticket, 'scheduled'), (e) => isProviderError(e, 'unavailable'));
    assert.equal((await tickets.moveTo(ticket, 'scheduled')).stage, 'scheduled');
  });

  it('names whose approval is missing, and cannot give it itself', async (t) => {
    const site = await startSite(t, { config: DESK });
    const tickets = jiraTicketsOn(site);
    const ticket = await tickets.ensure(draft({ riskLevel: 'high' }));
    await tickets.moveTo(ticket, 'awaiting-approval');
    await assert.rejects(tickets.moveTo(ticket, 'scheduled'), /waiting for the approval of Ana, Ben, Cleo/);
    const approval = site.sim.store.issue(ticket.id)?.approval;
    const answer = await fetch(`${site.url}/rest/servicedeskapi/request/${ticket.number}/approval/${approval?.id}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-bearer', 'content-type': 'application/json' },
      body: JSON.stringify({ decision: 'approve' }),
    });
    assert.equal(answer.status, 403);
    assert.equal(approval?.decision, 'pending');
  });
});

describe('Jira tickets: the site', () => {
  it('signs in with a token alone, and says what is wrong when it is refused', async (t) => {
    const site = await startSite(t);
    const { email: _, ...bearer } = { ...site.config, apiToken: 'env:J_BEARER' };
    assert.match(await jiraTicketsOn({ config: bearer }).check(), /project OPS .* as Idlewise Integration/);
    await assert.rejects(
      jiraTicketsOn({ config: { ...site.config, apiToken: 'env:J_WRONG' } }).check(),
      (e) => isProviderError(e, 'unauthorised') && /tickets\.jira\.email and apiToken/.test(e.message),
    );
  });

  it('is chosen by configuration only together with its own section', () => {
    assert.deepEqual(Config.shape.tickets.parse(undefined), { vendor: 'servicenow' });
    const refused = Config.shape.tickets.safeParse({ vendor: 'jira' });
    assert.deepEqual(
      refused.error?.issues.map((issue) => [issue.path.join('.'), issue.message]),
      [['jira', 'must be given when tickets.vendor is jira']],
    );
  });

  it('says that the project does not exist', async (t) => {
    const site = await startSite(t);
    await assert.rejects(
      jiraTicketsOn({ config: { ...site.config, projectKey: 'NOPE' } }).check(),
      (e) => isProviderError(e, 'terminal') && /'NOPE' does not exist for the field 'project'/.test(e.message),
    );
  });

  it('delivers signed webhooks, more than once', async (t) => {
    const got: { body: string; headers: NodeJS.Dict<string | string[]> }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        got.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const url = () => `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
    const site = await startSite(t, { sim: { webhook: { url, secret: 'hook-secret', copies: 2 } } });
    const ticket = await jiraTicketsOn(site).ensure(draft());
    for (let tries = 0; got.length < 2 && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(got.length, 2);
    const expected = `sha256=${createHmac('sha256', 'hook-secret')
      .update(got[0]?.body ?? '')
      .digest('hex')}`;
    assert.equal(got[0]?.headers['x-hub-signature'], expected);
    assert.equal(got[0]?.headers['x-atlassian-webhook-identifier'], got[1]?.headers['x-atlassian-webhook-identifier']);
    const event = JSON.parse(got[0]?.body ?? '') as { webhookEvent: string; issue: { key: string } };
    assert.deepEqual([event.webhookEvent, event.issue.key], ['jira:issue_created', ticket.number]);
  });
});
