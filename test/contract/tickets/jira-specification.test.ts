import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import { draft, vendorSpec } from '../servicenow/harness.ts';
import { jiraTicketsOn, type Site, startSite } from './jira-harness.ts';

/** The copy at hand is older than this search, and has no service desk. */
const NEWER = new Set(['POST /rest/api/3/search/jql']);
const AUTHORIZATION = { authorization: 'Bearer sandbox-bearer' };

/** The vendor's specification with what checks a request and an answer; null when it is not at hand. */
async function specification() {
  const definition = vendorSpec('jira_cloud_v3_trim.json') as Document | null;
  if (!definition) return null;
  const ajvOpts = { strict: false, validateFormats: false } as const;
  const api = new OpenAPIBackend({ definition, ajvOpts });
  await api.init();
  return { router: api.router, validator: api.validator };
}

const spec = await specification();

/** Everything the port does, once. */
async function useAll(site: Site): Promise<{ id: string; number: string }> {
  const tickets = jiraTicketsOn(site);
  const ticket = await tickets.ensure(draft({ requestedFor: 'dev@acme.example' }));
  await tickets.ensure(draft({ description: 'other' }));
  await tickets.moveTo(ticket, 'implementing');
  await tickets.addNote(ticket, { marker: 'm', text: 'n' });
  await tickets.close(ticket, { result: 'successful', notes: 'n' });
  await tickets.status(ticket);
  await tickets.check();
  return ticket;
}

it('every request we send is an operation of the vendor specification, with parameters and body as it says', async (t) => {
  if (!spec) return t.diagnostic('not run: the vendor specification is not at hand');
  const plain = await startSite(t);
  const serviceDesk = await startSite(t, { config: { serviceDesk: { id: '4', requestTypeId: '27' } } });
  await useAll(plain);
  await useAll(serviceDesk);
  const sent = [...plain.sim.journal.entries(), ...serviceDesk.sim.journal.entries()];
  const checked = sent.filter(
    (e) => !e.path.startsWith('/rest/servicedeskapi/') && !NEWER.has(`${e.method} ${e.path}`),
  );
  assert.ok(checked.length > 50);
  for (const entry of checked) {
    const { method, path } = entry;
    const query = Object.fromEntries(new URLSearchParams(entry.query));
    const request = {
      method,
      path,
      query,
      headers: { 'content-type': 'application/json' },
      body: entry.body || undefined,
    };
    const operation = spec.router.matchOperation(request);
    assert.ok(operation, `${method} ${path} is in the specification`);
    const known = (operation.parameters ?? []).flatMap((p) => ('name' in p && p.in === 'query' ? [p.name] : []));
    for (const name of Object.keys(query)) assert.ok(known.includes(name), `${method} ${path} has a parameter ${name}`);
    const { errors } = spec.validator.validateRequest(spec.router.parseRequest(request, operation), operation);
    assert.deepEqual(errors ?? [], [], `${method} ${path} ${entry.body}`);
  }
});

it('the simulator answers as the vendor specification says', async (t) => {
  if (!spec) return t.diagnostic('not run: the vendor specification is not at hand');
  const site = await startSite(t);
  const { id } = await useAll(site);
  const fresh = await jiraTicketsOn(site).ensure(draft({ correlationId: 'fresh' }));
  for (const path of [
    `/rest/api/3/issue/${id}`,
    `/rest/api/3/issue/${id}?expand=changelog`,
    `/rest/api/3/issue/${fresh.id}/transitions?expand=transitions.fields`,
    `/rest/api/3/issue/${id}/comment`,
    '/rest/api/3/user/search?query=dev@acme.example',
    '/rest/api/3/myself',
  ]) {
    const answer = await fetch(`${site.url}${path}`, { headers: AUTHORIZATION });
    const operation = spec.router.matchOperation({ method: 'GET', path: path.split('?')[0] ?? '', headers: {} });
    assert.ok(operation, path);
    const { errors } = spec.validator.validateResponse(await answer.json(), operation, answer.status);
    assert.deepEqual(errors ?? [], [], path);
  }
});
