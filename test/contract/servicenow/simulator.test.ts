import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { draft, INTEGRATION, type Instance, startInstance, ticketsOn } from './harness.ts';

/** A client that shares no code with the adapter. */
function as(i: Instance, user: string, password = 'sandbox-person') {
  return async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${i.config.instanceUrl}${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    // oxlint-disable-next-line typescript/no-explicit-any -- a free look at what the simulator answers
    return { status: answer.status, headers: answer.headers, json: (text === '' ? null : JSON.parse(text)) as any };
  };
}
const robot = (i: Instance) => as(i, INTEGRATION, 'sandbox-password');

describe('ServiceNow simulator: Table API', () => {
  it('pages with counts and links, limits before ACLs, and answers in each display mode', async (t) => {
    const i = await startInstance(t);
    const call = robot(i);
    const page = await call(
      'GET',
      '/api/now/table/cmdb_ci_vm_instance?sysparm_limit=2&sysparm_offset=2&sysparm_fields=name,owned_by,no_such',
    );
    assert.equal(page.json.result.length, 2);
    assert.deepEqual(Object.keys(page.json.result[0]), ['name', 'owned_by']);
    assert.ok(Number(page.headers.get('x-total-count')) > 10);
    for (const rel of ['first', 'prev', 'next', 'last'])
      assert.match(page.headers.get('link') ?? '', new RegExp(`rel="${rel}"`));
    const query = 'sysparm_query=owned_byISNOTEMPTY&sysparm_limit=1&sysparm_fields=owned_by,owned_by.email,environment';
    const shown = async (mode: string) =>
      (await call('GET', `/api/now/table/cmdb_ci_vm_instance?${query}&sysparm_display_value=${mode}`)).json.result[0];
    assert.match((await shown('false')).owned_by.value, /^[0-9a-f]{32}$/);
    assert.deepEqual(Object.keys((await shown('true')).owned_by), ['display_value', 'link']);
    assert.deepEqual(Object.keys((await shown('all')).environment), ['display_value', 'value']);
    assert.match((await shown('false'))['owned_by.email'], /@/);
  });

  it('drops the invalid part of a query and uses the rest', async (t) => {
    const i = await startInstance(t);
    const total = async (query: string) =>
      Number(
        (
          await robot(i)('GET', `/api/now/table/cmdb_ci?sysparm_limit=1&sysparm_query=${encodeURIComponent(query)}`)
        ).headers.get('x-total-count'),
      );
    const all = await total('');
    assert.equal(await total('nmae=web'), all);
    assert.equal(await total('nmae=web^sys_class_name=cmdb_ci_service'), await total('sys_class_name=cmdb_ci_service'));
    const [services, apps] = [
      await total('sys_class_name=cmdb_ci_service'),
      await total('sys_class_name=cmdb_ci_appl'),
    ];
    assert.equal(await total('sys_class_name=cmdb_ci_service^ORsys_class_name=cmdb_ci_appl'), services + apps);
    assert.equal(await total('sys_class_name=cmdb_ci_service^NQsys_class_name=cmdb_ci_appl'), services + apps);
    assert.ok(services > 0 && apps > 0 && services + apps < all);
  });

  it('tells missing from empty, by version', async (t) => {
    const i = await startInstance(t);
    const call = robot(i);
    assert.equal((await call('GET', '/api/now/v1/table/incident')).status, 404);
    assert.deepEqual((await call('GET', '/api/now/v2/table/incident')).json, { result: [] });
    assert.equal((await call('GET', `/api/now/table/incident/${'a'.repeat(32)}`)).status, 404);
    assert.equal((await call('GET', '/api/now/table/no_such_table')).status, 400);
    assert.equal((await as(i, 'nobody')('GET', '/api/now/table/incident')).status, 401);
  });

  it('appends journal fields and reads them back empty', async (t) => {
    const i = await startInstance(t);
    const call = robot(i);
    const made = await call('POST', '/api/now/table/incident', {
      short_description: 's',
      work_notes: 'one',
      nonsense: 1,
    });
    assert.equal(made.status, 201);
    assert.match(made.headers.get('location') ?? '', new RegExp(made.json.result.sys_id));
    const path = `/api/now/table/incident/${made.json.result.sys_id}`;
    const patched = await call('PATCH', path, { work_notes: 'two' });
    assert.equal(patched.json.result.work_notes, '');
    const history = (await call('GET', `${path}?sysparm_display_value=true`)).json.result.work_notes;
    assert.match(history, /two[\s\S]+one/);
    assert.equal((await call('DELETE', path)).status, 204);
  });
});

describe('ServiceNow simulator: changes', () => {
  const create = async (i: Instance, values: object = {}) =>
    (await robot(i)('POST', '/api/sn_chg_rest/change/normal', { short_description: 'x', ...values })).json.result;

  it('creates with 200, in pairs, and lists what it ignored', async (t) => {
    const i = await startInstance(t);
    const made = await robot(i)('POST', '/api/sn_chg_rest/v1/change/normal', {
      short_description: 'x',
      number: 'CHG1',
      colour: 'red',
    });
    assert.equal(made.status, 200);
    assert.deepEqual(made.json.result.state, { display_value: 'New', value: -5 });
    assert.deepEqual(made.json.result.__meta.ignoredFields, ['number', 'colour']);
  });

  it('refuses moves that the model does not have, and closing without code and notes', async (t) => {
    const i = await startInstance(t);
    const call = robot(i);
    const path = `/api/sn_chg_rest/change/${(await create(i)).sys_id.value}`;
    assert.equal((await call('PATCH', path, { state: '-1' })).status, 400);
    for (const state of ['-4', '-3', '-2', '-1', '0']) assert.equal((await call('PATCH', path, { state })).status, 200);
    assert.equal((await call('PATCH', path, { state: '4' })).status, 400, 'not cancelled from Review');
    assert.equal((await call('PATCH', path, { state: '3' })).status, 400);
    assert.equal((await call('PATCH', path, { state: '3', close_code: 'successful', close_notes: 'n' })).status, 200);
  });

  it('lets only the people who are asked approve, each for themselves', async (t) => {
    const i = await startInstance(t);
    const group = i.sim.store.rows('sys_user_group').find((row) => row.name === 'Change Management')?.sys_id;
    const path = `/api/sn_chg_rest/change/${(await create(i, { risk: '2', assignment_group: group })).sys_id.value}`;
    await robot(i)('PATCH', path, { state: '-4' });
    const approve = { state: 'approved' };
    assert.equal((await robot(i)('PATCH', `${path}/approvals`, approve)).status, 400, 'not the integration account');
    const owner = i.sim.store
      .rows('sys_user')
      .find((row) => row.email === i.estate.assets.find((a) => a.cmdb?.ownerEmail)?.cmdb?.ownerEmail);
    assert.equal(
      (await as(i, owner?.user_name ?? '')('PATCH', `${path}/approvals`, approve)).status,
      400,
      'not a stranger',
    );
    const manager = as(i, 'change.manager');
    assert.equal(
      (await manager('PATCH', `${path}/approvals`, { state: 'rejected' })).status,
      400,
      'not without comments',
    );
    const rejected = await manager('PATCH', `${path}/approvals`, { state: 'rejected', comments: 'no' });
    assert.equal(rejected.json.result.state.display_value, 'New');
    await robot(i)('PATCH', path, { state: '-4' });
    assert.equal((await manager('PATCH', `${path}/approvals`, approve)).json.result.approval.value, 'approved');
    const row = i.sim.store.rows('sysapproval_approver').find((approval) => approval.state === 'approved');
    assert.equal(row?.sys_updated_by, 'change.manager');
  });

  it('runs conflict checks as a job, and can say "Conflict" without naming one', async (t) => {
    const i = await startInstance(t, { sim: { jobDelayMs: 40 } });
    const call = robot(i);
    const asset = i.estate.assets.find((a) => a.cmdb);
    const cmdb_ci = i.sim.store.rows('cmdb_ci_vm_object').find((row) => row.object_id === asset?.resourceId)?.sys_id;
    const path = `/api/sn_chg_rest/change/${(await create(i, { cmdb_ci })).sys_id.value}`;
    assert.equal((await call('POST', `${path}/conflict`)).status, 400);
    await call('PATCH', path, { start_date: '2026-06-01 10:00:00', end_date: '2026-06-01 11:00:00' });
    const check = async () => {
      assert.match((await call('POST', `${path}/conflict`)).json.result, /^[0-9a-f]{32}$/);
      assert.equal((await call('GET', `${path}/conflict`)).json.result.job_status, 'running');
      await delay(60);
      return (await call('GET', `${path}/conflict`)).json.result;
    };
    assert.equal((await check()).status, 'No Conflict');
    await i.admin('/__sim/world', { do: 'conflict', resourceId: asset?.resourceId, types: ['blackout'] });
    assert.equal((await check()).conflicts[0].type.value, 'blackout');
    await i.admin('/__sim/world', { do: 'conflict', resourceId: asset?.resourceId, types: [] });
    const phantom = await check();
    assert.deepEqual([phantom.status, phantom.conflicts], ['Conflict', []]);
  });

  it('answers schedule searches with a worker to ask again', async (t) => {
    const i = await startInstance(t, { sim: { jobDelayMs: 40 } });
    const call = robot(i);
    const asked = await call('GET', `/api/sn_chg_rest/change/${(await create(i)).sys_id.value}/schedule`);
    assert.equal(asked.status, 202);
    assert.equal(asked.json.result.state.value, 1);
    await delay(60);
    const done = await call('GET', `/api/sn_chg_rest/change/worker/${asked.json.result.worker.sysId}`);
    assert.equal(done.json.result.state.value, 3);
    assert.equal(done.json.result.payload.spans.length, 1);
  });
});

describe('ServiceNow simulator: world', () => {
  it('keeps tickets, notes and incidents over a restart, and goes on counting', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'servicenow-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const stateFile = join(folder, 'state', 'servicenow.json');
    const before = await startInstance(t, { stateFile });
    const ticket = await ticketsOn(before).ensure(draft());
    await ticketsOn(before).addNote(ticket, { marker: 'm', text: 'Kept.' });
    await ticketsOn(before).moveTo(ticket, 'scheduled');
    await before.sim.stop();
    const after = await startInstance(t, { stateFile });
    const again = ticketsOn(after);
    const { created, number } = await again.ensure(draft());
    assert.deepEqual({ created, number }, { created: false, number: ticket.number });
    assert.equal((await again.status(ticket)).stage, 'scheduled');
    assert.equal((await again.addNote(ticket, { marker: 'm', text: 'Kept.' })).created, false);
    assert.notEqual((await again.ensure(draft({ correlationId: 'other' }))).number, ticket.number);
  });

  it('refuses unknown steps and unknown things', async (t) => {
    const i = await startInstance(t);
    assert.match(String((await i.admin('/__sim/world', { do: 'dance' })).error), /Invalid/);
    assert.match(String((await i.admin('/__sim/world', { do: 'open-incident', resourceId: 'i-0' })).error), /no such/);
    assert.match(String((await i.admin('/__sim/approve', { number: 'CHG1' })).error), /no such/);
  });
});
