import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { createServiceNowClient } from '../../../providers/servicenow/client.ts';
import { encodeConditions } from '../../../providers/servicenow/query.ts';
import { readAllRows } from '../../../providers/servicenow/table.ts';
import { createTablePackage } from '../../../providers/servicenow/table-package.ts';
import { type Instance, secrets, startInstance } from './harness.ts';

const USERS = '/api/now/table/sys_user';
const get = (i: Instance, client = i.client) => client.send({ operation: 'test', method: 'GET', path: USERS });
const fails =
  (kind: ProviderErrorKind, message = /./) =>
  (e: unknown) =>
    isProviderError(e, kind) && message.test(e.message);

describe('ServiceNow client: credentials', () => {
  for (const grant of ['basic', 'password', 'client_credentials'] as const)
    it(`signs in with ${grant}`, async (t) => {
      const i = await startInstance(t, { config: { grant } });
      await Promise.all([get(i), get(i)]);
      await get(i);
      assert.equal(i.calls('POST', /oauth_token/), grant === 'basic' ? 0 : 1, 'one token serves all');
    });

  it('refuses wrong credentials without showing them', async (t) => {
    for (const config of [
      { grant: 'basic', password: 'env:SN_WRONG' },
      { grant: 'client_credentials', clientSecret: 'env:SN_WRONG' },
    ] as const) {
      const i = await startInstance(t, { config });
      const read = createTablePackage(i.client).read({ table: 'sys_user', fields: ['name'], where: [] });
      const error = await read.then(
        () => null,
        (e: unknown) => e,
      );
      assert.ok(isProviderError(error, 'unauthorised'));
      const shown = inspect(error, { depth: 8, showHidden: true });
      assert.doesNotMatch(shown, /wrong|authorization|Basic |sandbox-/i);
    }
  });

  it('names the missing secret', async (t) => {
    const i = await startInstance(t);
    const { username: _, ...config } = i.config;
    await assert.rejects(
      get(i, createServiceNowClient({ config, secrets })),
      fails('terminal', /servicenow\.username is missing/),
    );
  });
});

describe('ServiceNow client: faults', () => {
  it('obeys the rate limit of the instance itself', async (t) => {
    const i = await startInstance(t, { sim: { requestsPerHour: 2 } });
    await get(i);
    await get(i);
    await assert.rejects(get(i), (e) => isProviderError(e, 'retry-after') && (e.retryAfterMs ?? 0) > 3_000_000);
  });

  it('leaves the instance for nobody', async (t) => {
    const i = await startInstance(t);
    for (const path of ['http://127.0.0.2/', '//127.0.0.2/x'])
      await assert.rejects(i.client.send({ operation: 'test', method: 'GET', path }), fails('terminal', /leaves/));
  });

  it('stops reading what is too long', async (t) => {
    const i = await startInstance(t);
    const client = createServiceNowClient({ config: i.config, secrets, maxBytes: 100 });
    await assert.rejects(get(i, client), fails('malformed', /larger than 100 bytes/));
  });
});

describe('ServiceNow reads', () => {
  it('refuses names and values that cannot be sent safely', () => {
    const query = (field: string, value: string) =>
      encodeConditions({ table: 'sys_user', fields: [], where: [{ field, in: [value] }] });
    for (const value of ['a^active=true', 'a\nb', ' javascript:gs.x', '', 'a\u0000'])
      assert.throws(() => query('email', value), fails('terminal'), JSON.stringify(value));
    for (const field of ['emial', 'email=x^ORname', 'password', 'Email'])
      assert.throws(() => query(field, 'a'), fails('terminal'));
    assert.deepEqual(query('email', 'a&b#c%@d.e'), ['email=a&b#c%@d.e']);
    const where = [{ field: 'email', in: ['a,b', 'c'] }];
    assert.throws(() => encodeConditions({ table: 'sys_user', fields: [], where }), fails('terminal'));
  });

  it('finds values with characters that mean something in a URL, through the package and by itself', async (t) => {
    const i = await startInstance(t);
    const email = 'a&sysparm_limit=1#x+y%41?@acme.example';
    i.sim.store.insert('sys_user', { user_name: 'odd', email, name: 'Odd', active: 'true' }, 'x');
    const query = { table: 'sys_user', fields: ['name'], where: [{ field: 'email', in: [email] }] };
    assert.equal((await createTablePackage(i.client).read(query)).rows.length, 1);
    assert.equal((await readAllRows(i.client, query)).rows.length, 1);
  });

  it('reads on past pages that an ACL has shortened, and counts what was withheld', async (t) => {
    const i = await startInstance(t);
    const change = 'c'.repeat(32);
    for (let n = 0; n < 10; n++)
      i.sim.store.insert('sys_journal_field', { element_id: change, element: 'work_notes', value: `${n}` }, 'x');
    const query = { table: 'sys_journal_field', fields: ['value'], where: [{ field: 'element_id', in: [change] }] };
    for (const row of i.sim.store
      .rows('sys_journal_field')
      .toSorted((a, b) => ((a.sys_id ?? '') < (b.sys_id ?? '') ? -1 : 1))
      .slice(0, 4))
      await i.admin('/__sim/world', { do: 'hide', table: 'sys_journal_field', sysId: row.sys_id });
    const read = await readAllRows(i.client, query, { pageSize: 3 });
    assert.equal(read.rows.length, 6);
    assert.equal(read.hidden, 4);
    assert.equal(i.calls('GET', /sys_journal_field/), 4);
    assert.equal((await createTablePackage(i.client).read(query)).hidden, 4);
  });

  it('notices a dropped part of the filter before any row is used', async (t) => {
    const i = await startInstance(t);
    const query = {
      table: 'sys_user',
      fields: ['name'],
      where: [{ field: 'no_such_column', in: ['x'] }],
      configured: ['no_such_column'],
    };
    await assert.rejects(createTablePackage(i.client).read(query), fails('malformed', /dropped/));
    await assert.rejects(readAllRows(i.client, query), fails('malformed', /dropped/));
    const careful = await startInstance(t, { sim: { invalidQueryReturnsNoRows: true } });
    assert.deepEqual(await readAllRows(careful.client, query), { rows: [], hidden: 0 });
  });

  it('refuses malformed lists', async (t) => {
    const i = await startInstance(t);
    const query = { table: 'sys_user', fields: ['name'], where: [{ field: 'email', in: ['a@b.c'] }] };
    for (const responseBody of ['{}', '{"result":{}}', '{"result":[5]}', '{"result":[{"email":7}]}', '[]', 'null']) {
      i.sim.faults.push({ path: 'sys_user', kind: 'status', status: 200, responseBody, times: 2 });
      await assert.rejects(createTablePackage(i.client).read(query), fails('malformed'), responseBody);
      await assert.rejects(readAllRows(i.client, query), fails('malformed'), responseBody);
    }
  });

  it('keeps concurrent calls of the package on different instances apart', async (t) => {
    const [a, b] = [await startInstance(t), await startInstance(t, { config: { grant: 'client_credentials' } })];
    a.sim.store.insert('sys_user', { user_name: 'x', email: 'x@acme.example', name: 'A', active: 'true' }, 'x');
    b.sim.store.insert('sys_user', { user_name: 'x', email: 'x@acme.example', name: 'B', active: 'true' }, 'x');
    const query = { table: 'sys_user', fields: ['name'], where: [{ field: 'email', in: ['x@acme.example'] }] };
    const reads = Array.from({ length: 20 }, (_, n) => createTablePackage((n % 2 ? b : a).client).read(query));
    const names = (await Promise.all(reads)).map((read) => read.rows[0]?.name);
    assert.deepEqual(
      names,
      Array.from({ length: 20 }, (_, n) => (n % 2 ? 'B' : 'A')),
    );
  });
});
