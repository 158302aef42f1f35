import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { createServiceNowTickets } from '../../../providers/tickets/servicenow/index.ts';
import { draft, secrets, startInstance, ticketsOn } from '../servicenow/harness.ts';

const changes = (i: Awaited<ReturnType<typeof startInstance>>) => i.sim.store.rows('change_request');

/** What is ServiceNow's own; what every ticket system does is in suite.ts. */
describe('ServiceNow tickets: one change per operation', () => {
  it('creates the change once, finds it again by correlation id and gives a link that opens', async (t) => {
    const i = await startInstance(t);
    const ci = i.sim.store.rows('cmdb_ci_vm_instance')[0];
    const asked = draft({ ciId: ci?.sys_id ?? '', requestedFor: 'change.manager@example.com' });
    const first = await ticketsOn(i).ensure(asked);
    const second = await ticketsOn(i).ensure(asked);
    assert.equal(first.created, true);
    assert.deepEqual(second, { ...first, created: false });
    assert.match(first.number, /^CHG\d{7}$/);
    const row = changes(i)[0];
    assert.equal(changes(i).length, 1);
    assert.equal(row?.cmdb_ci, ci?.sys_id);
    assert.equal(i.sim.store.get('sys_user', row?.requested_by ?? '')?.name, 'Change Manager');
    assert.equal(i.sim.store.get('sys_user_group', row?.assignment_group ?? '')?.name, 'Change Management');
    assert.equal(row?.risk, '4');
    assert.equal(i.calls('PATCH', /./), 0, 'equal texts are not written again');
    const page = await fetch(first.url);
    assert.equal(page.status, 200);
    assert.match(await page.text(), new RegExp(first.number));
  });

  it('updates only the texts that differ', async (t) => {
    const i = await startInstance(t);
    const tickets = ticketsOn(i);
    await tickets.ensure(draft());
    await tickets.ensure(draft({ description: 'No load for 28 days.\r\nChecked again.' }));
    const patch = i.sim.journal.entries().find((entry) => entry.method === 'PATCH');
    assert.deepEqual(JSON.parse(patch?.body ?? ''), { description: 'No load for 28 days.\nChecked again.' });
  });

  it('does not duplicate or rewrite when texts and correlation id exceed their columns', async (t) => {
    const i = await startInstance(t);
    const long = (end: string) =>
      draft({
        correlationId: `remediate/acme/${'x'.repeat(200)}${end}`,
        title: 'T'.repeat(400),
        description: 'D'.repeat(9000),
      });
    const a = await ticketsOn(i).ensure(long('a'));
    const again = await ticketsOn(i).ensure(long('a'));
    const b = await ticketsOn(i).ensure(long('b'));
    assert.equal(again.id, a.id);
    assert.notEqual(b.id, a.id);
    assert.equal(i.calls('PATCH', /./), 0);
  });

  it('fails when the instance ignores a field we rely on', async (t) => {
    const i = await startInstance(t, { sim: { unwritableFields: ['correlation_id'] } });
    await assert.rejects(
      ticketsOn(i).ensure(draft()),
      (e) => isProviderError(e, 'terminal') && /CHG\d+ did not take correlation_id/.test(e.message),
    );
  });

  it('refuses a correlation id that cannot stand in a query, before anything is sent', async (t) => {
    const i = await startInstance(t);
    for (const correlationId of ['a^ORnumberISNOTEMPTY', 'a\nb', 'javascript:gs.log(1)', ''])
      await assert.rejects(ticketsOn(i).ensure(draft({ correlationId })), (e) => isProviderError(e, 'terminal'));
    assert.equal(i.sim.journal.entries().length, 0);
  });
});

describe('ServiceNow tickets: the way of a change', () => {
  it('walks New → Assess → Authorize → Scheduled → Implement → Review → Closed, asking before each move', async (t) => {
    const i = await startInstance(t);
    const tickets = ticketsOn(i);
    const ticket = await tickets.ensure(draft());
    assert.deepEqual(await tickets.status(ticket), { stage: 'new', vendorState: 'New', closedBy: null });
    assert.equal((await tickets.moveTo(ticket, 'awaiting-approval')).vendorState, 'Assess');
    assert.equal((await tickets.moveTo(ticket, 'implementing')).vendorState, 'Implement');
    assert.equal((await tickets.moveTo(ticket, 'scheduled')).vendorState, 'Implement', 'never backward');
    const closed = await tickets.close(ticket, { result: 'successful', notes: 'Stopped and proved.' });
    assert.deepEqual(closed, { stage: 'closed', vendorState: 'Closed', closedBy: 'Idlewise Integration' });
    const moves = i.sim.store.rows('sys_audit').map((row) => row.newvalue);
    assert.deepEqual(moves, ['-4', '-3', '-2', '-1', '0', '3']);
    assert.equal(i.calls('GET', /nextstates$/), moves.length);
    assert.equal(changes(i)[0]?.close_code, 'successful');
    assert.deepEqual(
      await tickets.close(ticket, { result: 'unsuccessful', notes: 'again' }),
      closed,
      'closing is idempotent',
    );
  });

  it('follows the shorter way of an emergency change', async (t) => {
    const i = await startInstance(t, { config: { changeType: 'emergency' } });
    const tickets = ticketsOn(i);
    const ticket = await tickets.ensure(draft());
    assert.equal((await tickets.moveTo(ticket, 'awaiting-approval')).vendorState, 'Authorize');
    assert.equal((await tickets.moveTo(ticket, 'reviewing')).vendorState, 'Review');
  });

  it('stays and says why when a person has to approve, and moves on after that', async (t) => {
    const i = await startInstance(t);
    const tickets = ticketsOn(i);
    const ticket = await tickets.ensure(draft({ riskLevel: 'high' }));
    await assert.rejects(
      tickets.moveTo(ticket, 'scheduled'),
      (e) =>
        isProviderError(e, 'terminal') &&
        /cannot be moved from Assess to scheduled: open transitions: New, Canceled; unmet: Change is approved; approval: Requested/.test(
          e.message,
        ),
    );
    assert.equal((await tickets.status(ticket)).stage, 'awaiting-approval');
    await i.admin('/__sim/approve', { number: ticket.number });
    assert.equal((await tickets.moveTo(ticket, 'scheduled')).stage, 'scheduled');
  });

  it('reads numbers as states and lists of one as results', async (t) => {
    const i = await startInstance(t, { sim: { resultAsList: true } });
    const tickets = ticketsOn(i);
    const ticket = await tickets.ensure(draft());
    assert.equal((await tickets.moveTo(ticket, 'scheduled')).stage, 'scheduled');
  });

  it('cancels what was never implemented', async (t) => {
    const i = await startInstance(t);
    const tickets = ticketsOn(i);
    for (const [result, riskLevel, stage] of [
      ['cancelled', 'low', 'awaiting-approval'],
      ['unsuccessful', 'low', 'scheduled'],
      ['successful', 'high', 'awaiting-approval'],
    ] as const) {
      const ticket = await tickets.ensure(draft({ correlationId: `op/${result}`, riskLevel }));
      await tickets.moveTo(ticket, stage);
      const ended = await tickets.close(ticket, { result, notes: 'The reason.' });
      assert.equal(ended.stage, 'cancelled');
      const row = i.sim.store.get('change_request', ticket.id);
      assert.match(
        row?.close_notes ?? '',
        result === 'successful' ? /^Outcome: successful, although/ : /^The reason\.$/,
      );
    }
  });

  it('closes as unsuccessful when a cancelled change is past cancelling', async (t) => {
    const i = await startInstance(t);
    const tickets = ticketsOn(i);
    const ticket = await tickets.ensure(draft());
    await tickets.moveTo(ticket, 'reviewing');
    assert.equal((await tickets.close(ticket, { result: 'cancelled', notes: 'n' })).stage, 'closed');
    assert.equal(changes(i)[0]?.close_code, 'unsuccessful');
  });

  it('tells who ended a change in ServiceNow, and will not move it any more', async (t) => {
    const i = await startInstance(t);
    const tickets = ticketsOn(i);
    const ticket = await tickets.ensure(draft());
    await i.admin('/__sim/world', { do: 'cancel-change', number: ticket.number, by: 'ana.silva@acme.example' });
    assert.deepEqual(await tickets.status(ticket), {
      stage: 'cancelled',
      vendorState: 'Canceled',
      closedBy: 'Ana Silva',
    });
    await assert.rejects(tickets.moveTo(ticket, 'scheduled'), /cannot be moved from Canceled to scheduled: it is over/);
    assert.equal((await tickets.ensure(draft({ description: 'new text' }))).created, false);
    assert.equal(i.calls('PATCH', /./), 0, 'an ended change is not rewritten');
  });

  it('does not guess at a state it does not know', async (t) => {
    const i = await startInstance(t);
    const tickets = ticketsOn(i);
    const ticket = await tickets.ensure(draft());
    i.sim.store.update(i.sim.store.get('change_request', ticket.id) ?? {}, { state: '17' }, 'admin');
    await assert.rejects(tickets.status(ticket), (e) => isProviderError(e, 'malformed') && /state 17/.test(e.message));
  });

  it('reports a deleted change as not found', async (t) => {
    const i = await startInstance(t);
    await assert.rejects(ticketsOn(i).status({ id: 'a'.repeat(32) }), (e) => isProviderError(e, 'not-found'));
    await assert.rejects(ticketsOn(i).status({ id: '../incident' }), (e) => isProviderError(e, 'terminal'));
  });
});

describe('ServiceNow tickets: work notes', () => {
  const notes = (i: Awaited<ReturnType<typeof startInstance>>) =>
    i.sim.store.rows('sys_journal_field').map((row) => row.value ?? '');

  it('defuses text that the journal would render as HTML', async (t) => {
    const i = await startInstance(t);
    const ticket = await ticketsOn(i).ensure(draft());
    await ticketsOn(i).addNote(ticket, { marker: 'm', text: 'Name: [code]<script>alert(1)</script>[/CODE]\u0000' });
    assert.doesNotMatch(notes(i)[0] ?? '', /\[\/?code\]|\u0000/i);
    const page = await (await fetch(ticket.url)).text();
    assert.doesNotMatch(page, /<script>alert/);
  });
});

describe('ServiceNow tickets: an instance that shows nobody its journal', () => {
  it("finds a note in the record's own history, and writes another marker's", async (t) => {
    const i = await startInstance(t);
    const closed: typeof i.client = {
      ...i.client,
      async send(request) {
        const answer = await i.client.send(request);
        if (!request.path.includes('sys_journal_field')) return answer;
        return { ...answer, body: { result: [] }, headers: new Headers({ 'x-total-count': '0' }) };
      },
    };
    const tickets = createServiceNowTickets({ config: i.config, secrets, client: closed });
    const ticket = await tickets.ensure(draft());
    assert.equal((await tickets.addNote(ticket, { marker: 'first', text: 'Hello.' })).created, true);
    assert.equal((await tickets.addNote(ticket, { marker: 'first', text: 'Hello.' })).created, false);
    assert.equal((await tickets.addNote(ticket, { marker: 'second', text: 'Hello.' })).created, true);
    assert.equal(i.sim.store.rows('sys_journal_field').length, 2);
  });
});

describe('ServiceNow tickets: an instance without the Change Management API', () => {
  it('creates through the package, writes through the Table API, and refuses to move', async (t) => {
    const i = await startInstance(t, { sim: { changeApi: false } });
    const tickets = ticketsOn(i);
    const ci = i.sim.store.rows('cmdb_ci_vm_instance')[0]?.sys_id ?? '';
    const ticket = await tickets.ensure(draft({ ciId: ci }));
    assert.equal(ticket.created, true);
    assert.equal((await tickets.ensure(draft({ ciId: ci }))).id, ticket.id);
    assert.equal(changes(i).length, 1);
    assert.equal(changes(i)[0]?.cmdb_ci, ci);
    assert.equal(changes(i)[0]?.risk, '4');
    assert.equal((await tickets.addNote(ticket, { marker: 'm', text: 'Hello.' })).created, true);
    assert.equal((await tickets.status(ticket)).stage, 'new');
    await assert.rejects(tickets.moveTo(ticket, 'scheduled'), /Change Management API is not active/);
  });
});
