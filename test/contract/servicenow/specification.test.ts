import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Document, OpenAPIRouter } from 'openapi-backend';
import { createServiceNowCmdb } from '../../../providers/cmdb/servicenow/index.ts';
import { draft, secrets, startInstance, ticketsOn, vendorSpec } from './harness.ts';

/** The export lacks this parameter of the list operation. */
const OVERLAY = ['sysparm_offset'];

it('every request we send is an operation of the vendor specification, with parameters it names', async (t) => {
  const specs = ['servicenow_change_management.json', 'servicenow_table.json'].map(vendorSpec);
  if (specs.some((spec) => spec === null)) return t.diagnostic('not run: the vendor specifications are not at hand');
  const routers = specs.map((definition) => new OpenAPIRouter({ definition: definition as Document }));

  const i = await startInstance(t);
  const tickets = ticketsOn(i);
  const ticket = await tickets.ensure(draft());
  await tickets.ensure(draft({ description: 'other' }));
  await tickets.moveTo(ticket, 'implementing');
  await tickets.addNote(ticket, { marker: 'm', text: 'n' });
  await tickets.close(ticket, { result: 'successful', notes: 'n' });
  await tickets.check();
  const cmdb = createServiceNowCmdb({ config: i.config, secrets });
  await cmdb.lookup(i.estate.assets.map((asset) => asset.resourceId));
  await cmdb.check();
  const bare = await startInstance(t, { sim: { changeApi: false } });
  await ticketsOn(bare).ensure(draft());

  const sent = [...i.sim.journal.entries(), ...bare.sim.journal.entries()];
  assert.ok(sent.length > 30);
  for (const entry of sent) {
    const path = entry.path.replace(/^\/api\/now\/v2\//, '/api/now/');
    const request = { method: entry.method, path, headers: {}, query: entry.query, body: entry.body };
    const operation = routers.map((router) => router.matchOperation(request)).find((found) => found !== undefined);
    assert.ok(operation, `${entry.method} ${entry.path} is in the specification`);
    const known = (operation.parameters ?? []).flatMap((p) => ('name' in p && p.in === 'query' ? [p.name] : []));
    for (const name of new URLSearchParams(entry.query).keys())
      assert.ok([...known, ...OVERLAY].includes(name), `${entry.method} ${entry.path} has a parameter ${name}`);
    if (entry.method === 'GET') assert.equal(entry.body, '');
    else assert.equal(typeof JSON.parse(entry.body), 'object');
  }
});
