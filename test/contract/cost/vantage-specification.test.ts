import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { APIV2Client, VantageAPIError } from '@vantage-sh/vantage-client';
import { Ajv } from 'ajv';
import { reportToken } from '../../../sandbox/vantage/index.ts';
import { ACCOUNT } from '../../helpers/aws.ts';
import { vendorSpec } from '../servicenow/harness.ts';
import { billRig, DAY, isoDay, variety } from './bill-rig.ts';
import { startVantage, type VantageRig } from './vantage-rig.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly type: string;
  readonly enum?: readonly string[];
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { schema?: object }>>;
}
interface Swagger {
  readonly basePath: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions: Readonly<Record<string, object>>;
}

const spec = vendorSpec('vantage_vantagev2_swagger.json') as Swagger | null;
const NOT_RUN = 'not run: the vendor specification is not at hand';

/** Swagger 2 writes `x-nullable` where JSON Schema lists a type. */
function asJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asJsonSchema);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== 'example' && key !== 'format')
      .map(([key, value]) => [key, asJsonSchema(value)]),
  );
  if (copy['x-nullable'] === true && typeof copy['type'] === 'string') {
    copy['type'] = [copy['type'], 'null'];
    if (Array.isArray(copy['enum'])) copy['enum'] = [...copy['enum'], null];
  }
  return copy;
}

function operationOf({ basePath, paths }: Swagger, method: string, path: string): Operation | undefined {
  const found = Object.keys(paths).filter((template) =>
    new RegExp(`^${basePath}${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  );
  const [best] = found.sort((a, b) => Number(a.includes('{')) - Number(b.includes('{')));
  return best === undefined ? undefined : paths[best]?.[method.toLowerCase()];
}

/** Everything the port does, once. */
async function useAll(t: TestContext): Promise<VantageRig & { now: string }> {
  const rig = billRig(variety());
  rig.misstate('odd', 'tenfold');
  rig.misstate('disk', 'tenfold');
  const vantage = await startVantage(t, rig.bill, { pageRows: 50 });
  const workspaceToken = 'wrkspc_0000000000000001';
  const port = vantage.port({ config: { workspaceToken, anomalyReports: { [ACCOUNT]: reportToken(ACCOUNT) } } });
  await port.check();
  await port.accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
  await port.anomalies?.({ accountId: ACCOUNT, since: new Date(Date.parse(rig.now()) - 9 * DAY).toISOString() });
  return { ...vantage, now: rig.now() };
}

it('every request we send is an operation of the vendor specification, with parameters as it says', async (t) => {
  if (!spec) return t.skip(NOT_RUN);
  const { sim } = await useAll(t);
  const sent = sim.journal.entries();
  assert.ok(new Set(sent.map((e) => e.path)).size >= 4);
  for (const { method, path, query } of sent) {
    const operation = operationOf(spec, method, path);
    assert.ok(operation, `${method} ${path} is in the specification`);
    const known = new Map((operation.parameters ?? []).filter((p) => p.in === 'query').map((p) => [p.name, p]));
    for (const [name, value] of new URLSearchParams(query)) {
      const parameter = known.get(name);
      assert.ok(parameter, `${method} ${path} has a parameter ${name}`);
      if (parameter.enum) assert.ok(parameter.enum.includes(value), `${name}=${value}`);
      if (parameter.type === 'integer') assert.match(value, /^\d+$/, name);
      if (parameter.type === 'boolean') assert.match(value, /^(true|false)$/, name);
    }
  }
});

it('the simulator answers as the vendor specification says', async (t) => {
  if (!spec) return t.skip(NOT_RUN);
  const { sim, url, now } = await useAll(t);
  const ajv = new Ajv({ strict: false });
  ajv.addSchema({ $id: 'vantage', definitions: asJsonSchema(spec.definitions) as object });
  const valid = (schema: object | undefined, body: unknown, label: string) => {
    const pointer = JSON.stringify(schema).replaceAll('#/definitions/', 'vantage#/definitions/');
    const validate = ajv.compile(asJsonSchema(JSON.parse(pointer)) as object);
    assert.ok(validate(body), `${label}: ${ajv.errorsText(validate.errors)}`);
  };
  const asked = [...new Map(sim.journal.entries().map((e) => [e.path + e.query.slice(0, 90), e])).values()];
  const more = ['/v2/costs', '/v2/costs?filter=nonsense', `/v2/costs?limit=5001&filter=x`];
  let checked = 0;
  for (const path of [...asked.map((e) => e.path + e.query), ...more]) {
    const answer = await fetch(url + path, { headers: { authorization: 'Bearer vantage-token' } });
    const operation = operationOf(spec, 'GET', path.split('?')[0] ?? '');
    const schema = operation?.responses[String(answer.status)]?.schema;
    assert.ok(schema, `${path} may answer ${answer.status}`);
    valid(schema, await answer.json(), path);
    checked++;
  }
  assert.ok(checked > 8 && now !== '');
});

it('the vendor’s own client gets from the simulator what it expects', async (t) => {
  const rig = billRig(variety());
  const { url } = await startVantage(t, rig.bill, { pageRows: 5 });
  const client = new APIV2Client('vantage-token', false, url);
  const me = await client.me.get();
  assert.equal(me.workspaces?.[0]?.token, 'wrkspc_0000000000000001');
  const day = isoDay(Date.parse(rig.now()) - DAY);
  const costs = await client.costs.list({
    filter: `costs.provider = 'aws' AND costs.account_id = '${ACCOUNT}'`,
    start_date: day,
    end_date: day,
    groupings: ['resource_id'],
    limit: 5000,
  } as never);
  assert.equal(costs.costs.length, 5, 'a page may be shorter than its limit');
  assert.ok(costs.links?.next);
  assert.equal((await client.financialCommitments.list({})).financial_commitments.length, 2);
  await assert.rejects(
    client.costs.list({}),
    (e) => e instanceof VantageAPIError && e.status === 400 && /filter must be given/.test(e.message),
  );
  await assert.rejects(
    new APIV2Client('wrong', false, url).me.get(),
    (e) => e instanceof VantageAPIError && e.status === 401,
  );
});
