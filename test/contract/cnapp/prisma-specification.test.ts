import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import { find, startPrisma } from './prisma-harness.ts';

type Node = Record<string, unknown>;
interface Specification {
  readonly components: { readonly schemas: Record<string, Node> };
  readonly paths: Record<string, Record<string, { requestBody?: Node; responses: Record<string, Node> }>>;
}

const folder = new URL('../../../../shared/specs/', import.meta.url);
/** Operations we use whose specifications are not at hand: search, resources, permissions, accounts, all of Compute. */
const ELSEWHERE = /^\/(search\/|resource|api\/v1\/permission|cloud\/name|meta_info|compute\/)/;

/** The vendor's specification as openapi-backend can use it; null when it is not at hand. */
async function specification(name: string) {
  const file = new URL(`prisma_cspm_${name}.json`, folder);
  if (!existsSync(file)) return null;
  const definition = overlaid(JSON.parse(readFileSync(file, 'utf8')) as Specification);
  const ajvOpts = { strict: false, validateFormats: false } as const;
  const api = new OpenAPIBackend({ definition: definition as unknown as Document, ajvOpts });
  await api.init();
  return { router: api.router, validator: api.validator };
}

/** Where the published files cannot be validated as they are, or are known to be behind the platform. */
function overlaid(spec: Specification): Specification {
  // Bodies are listed under media types with parameters and wildcards.
  for (const path of Object.values(spec.paths))
    for (const operation of Object.values(path))
      for (const holder of [operation.requestBody, ...Object.values(operation.responses ?? {})]) {
        const content = holder?.['content'] as Node | undefined;
        if (content) content['application/json'] ??= Object.values(content)[0];
      }
  const { schemas } = spec.components;
  const enumOf = (schema: string, property: string, values: readonly string[]) => {
    const properties = schemas[schema]?.['properties'] as Record<string, { enum?: string[] }> | undefined;
    if (properties?.[property]) properties[property].enum = [...(properties[property].enum ?? []), ...values];
  };
  // Base and kinds of the time range refer to each other without end.
  const range = schemas['TimeRangeConfigModel'];
  if (range) {
    delete range['oneOf'];
    delete range['discriminator'];
    const kinds = ['Relative', 'Absolute', 'ToNow'].map((k) => ({
      $ref: `#/components/schemas/${k}TimeRangeConfigModel`,
    }));
    for (const model of ['FilterModel', 'AlertStatusChangeRequestModel'])
      schemas[model] = replaced(schemas[model], '#/components/schemas/TimeRangeConfigModel', { anyOf: kinds });
    const parts = schemas['ToNowTimeRangeConfigModel']?.['allOf'] as { properties?: { value?: { enum: string[] } } }[];
    parts[1]?.properties?.value?.enum.push('login', 'epoch', 'day', 'week', 'month', 'year');
  }
  // Newer severities, and the spelling the platform really uses.
  enumOf('PolicyModel', 'severity', ['critical', 'informational']);
  enumOf('CloudResourceModel', 'cloudType', ['aws', 'azure', 'gcp']);
  const page = schemas['PagedResultsAlertModel']?.['properties'] as Node | undefined;
  if (page) page['nextPageToken'] = { type: 'string', nullable: true };
  return spec;
}

function replaced(node: Node | undefined, ref: string, by: Node): Node {
  const text = JSON.stringify(node ?? {});
  return JSON.parse(text.replaceAll(JSON.stringify({ $ref: ref }), JSON.stringify(by))) as Node;
}

const specs = (await Promise.all(['Login', 'Alerts'].map(specification))).filter((s) => s !== null);

function operationOf(method: string, path: string) {
  for (const spec of specs) {
    const operation = spec.router.matchOperation({ method, path, headers: {} });
    if (operation) return { spec, operation };
  }
  return null;
}

/** Everything the port does, once, with time passing so that the token is extended. */
async function useAll() {
  let now = Date.now();
  const clock = () => now;
  const site = await startPrisma({ clock, config: { snoozeNotes: 86_400_000 }, client: { clock } });
  const asset = await find(site, 'edge-kev-1');
  const issue = (await site.prisma.posture(asset)).findings.find((f) => f.isIssue);
  assert.ok(issue);
  await site.prisma.rescanStatus((await site.prisma.requestRescan(asset)).rescanId);
  await site.prisma.addIssueNote({ issueId: issue.uid, marker: 'm', text: 'n' });
  await site.prisma.idleSignals?.({ accountId: asset.accountId, region: asset.region });
  now += 560_000;
  await site.prisma.check();
  return { site, issue, now: () => now };
}

function skip(t: TestContext): boolean {
  if (specs.length > 0) return false;
  t.skip('not run: the vendor specification is not at hand');
  return true;
}

test('every request we send is an operation of the vendor specification, with parameters and body as it says', async (t) => {
  if (skip(t)) return;
  const { site } = await useAll();
  const seen = new Set<string>();
  for (const entry of site.simulator.journal.entries()) {
    if (ELSEWHERE.test(entry.path)) continue;
    const { method, path } = entry;
    const found = operationOf(method, path);
    assert.ok(found, `${method} ${path} is in the specification`);
    const { spec, operation } = found;
    seen.add(`${method} ${operation.path}`);
    const query = Object.fromEntries(new URLSearchParams(entry.query));
    const known = (operation.parameters ?? []).flatMap((p) => ('name' in p && p.in === 'query' ? [p.name] : []));
    for (const name of Object.keys(query)) assert.ok(known.includes(name), `${method} ${path} has a parameter ${name}`);
    const headers = { 'content-type': 'application/json' };
    const request = { method, path, query, headers, body: entry.body || undefined };
    const { errors } = spec.validator.validateRequest(spec.router.parseRequest(request, operation), operation);
    assert.deepEqual(errors ?? [], [], `${method} ${path} ${entry.body}`);
  }
  assert.deepEqual([...seen].sort(), [
    'GET /alert/{id}',
    'GET /auth_token/extend',
    'POST /alert/dismiss',
    'POST /login',
    'POST /v2/alert',
  ]);
});

test('the specification is really used: a wrong body and a wrong answer are found', (t) => {
  if (skip(t)) return;
  const list = operationOf('POST', '/v2/alert');
  assert.ok(list);
  const { spec, operation } = list;
  const body = JSON.stringify({ filters: [{ name: 'alert.status', operator: '~', value: 7 }] });
  const request = { method: 'POST', path: '/v2/alert', headers: { 'content-type': 'application/json' }, body };
  const sent = spec.validator.validateRequest(spec.router.parseRequest(request, operation), operation);
  assert.notEqual((sent.errors ?? []).length, 0);
  const range = JSON.stringify({ timeRange: { type: 'to_now', value: 'yesterday' } });
  const ranged = spec.router.parseRequest({ ...request, body: range }, operation);
  assert.notEqual((spec.validator.validateRequest(ranged, operation).errors ?? []).length, 0);
  const answered = spec.validator.validateResponse({ items: [{ status: 'gone' }] }, operation, 200);
  assert.notEqual((answered.errors ?? []).length, 0);
});

test('the simulator answers as the vendor specification says', async (t) => {
  if (skip(t)) return;
  const { site, issue } = await useAll();
  const post = (path: string, body: unknown, token = '') =>
    fetch(`${site.base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-redlock-auth': token },
      body: JSON.stringify(body),
    });
  const login = await post('/login', { username: 'prisma-key', password: 'prisma-secret-5551212' });
  const session = (await login.clone().json()) as { token: string };
  const headers = { 'x-redlock-auth': session.token };
  const everything = { filters: [], timeRange: { type: 'to_now', value: 'epoch' }, limit: 5000 };
  for (const [method, path, response] of [
    ['POST', '/login', login],
    ['GET', '/auth_token/extend', await fetch(`${site.base}/auth_token/extend`, { headers })],
    ['POST', '/v2/alert', await post('/v2/alert?detailed=true', everything, session.token)],
    ['GET', `/alert/${issue.uid}`, await fetch(`${site.base}/alert/${issue.uid}?detailed=true`, { headers })],
  ] as const) {
    const found = operationOf(method, path);
    assert.ok(found, path);
    assert.equal(response.status, 200, path);
    const body: unknown = await response.json();
    const { errors } = found.spec.validator.validateResponse(body, found.operation, 200);
    assert.deepEqual(errors ?? [], [], path);
  }
});
