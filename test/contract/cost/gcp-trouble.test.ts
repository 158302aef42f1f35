import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { billOf, day, now } from './azure-gcp-bill.ts';
import { PROJECT, startGcp, vm, vmName } from './gcp-rig.ts';

const asked = { accountId: PROJECT, asOf: now() };
const billRows = billOf('gcp', [vm('a', '2.4'), vm('b', '1')]);

test('one token serves many requests, and one that ended is renewed once, in the middle of an answer too', async () => {
  await using gcp = await startGcp({ billRows, pageBytes: 20_000 });
  const { gcpBilling } = gcp.simulator;
  const refusal = { kind: 'status', status: 401, responseBody: '{"error":{"code":401,"message":"no"}}' } as const;
  gcp.simulator.faults.push({ ...refusal, path: '/queries/', times: 1 });
  const { byResource } = await gcp.port().accountCosts(asked);
  assert.equal(byResource.get(vmName('a'))?.EffectiveCost, '33.6');
  assert.equal(gcp.calls().filter((c) => c.status === 401).length, 1);
  assert.equal(gcpBilling.tokensIssued(), 2);
  const port = gcp.port();
  await port.check();
  gcpBilling.expireTokens();
  await port.check();
  assert.equal(gcpBilling.tokensIssued(), 4);
  gcp.simulator.faults.push(refusal);
  await assert.rejects(port.check(), (e) => isProviderError(e, 'unauthorised'));
});

test('a query that takes its time is waited for, within limits', async () => {
  await using gcp = await startGcp({ billRows });
  gcp.simulator.gcpBilling.slow(2);
  assert.equal((await gcp.port().accountCosts(asked)).byResource.size, 2);
  gcp.simulator.gcpBilling.slow(1_000_000);
  await assert.rejects(gcp.port({ timeout: 400 }).accountCosts(asked), (e) => {
    return isProviderError(e, 'unavailable') && /within 400 ms; raise cost.gcp.timeout/.test(e.message);
  });
});

test('a missing role is told by name, and a key that is not accepted as such', async () => {
  await using gcp = await startGcp({ billRows });
  const told = (kind: ProviderErrorKind, pattern: RegExp) => (e: unknown) =>
    isProviderError(e, kind) && pattern.test(e.message);
  const { gcpBilling } = gcp.simulator;
  gcpBilling.deny('bigquery.jobs.create');
  await assert.rejects(gcp.port().check(), told('unauthorised', /roles\/bigquery.jobUser on project acme-finops/));
  gcpBilling.deny('bigquery.jobs.create', false);
  gcpBilling.deny('bigquery.tables.getData');
  await assert.rejects(gcp.port().check(), told('unauthorised', /dataViewer on dataset acme-finops.billing/));
  await assert.rejects(gcp.port().accountCosts(asked), told('unauthorised', /dataViewer/));
  gcpBilling.deny('bigquery.tables.getData', false);
  const wrong = { table: 'acme-finops.billing.gcp_billing_export_resource_v1_X' };
  await assert.rejects(gcp.port(wrong).check(), told('not-found', /enable the detailed usage cost export/));
  const responseBody = JSON.stringify({
    error: { code: 400, message: 'Unrecognized name: resource at [6:3]', errors: [{ reason: 'invalidQuery' }] },
  });
  gcp.simulator.faults.push({ kind: 'status', status: 400, responseBody, path: '/jobs', times: 1 });
  await assert.rejects(gcp.port().check(), told('terminal', /it must be the detailed export/));
  await assert.rejects(gcp.port({}, { credentials: 'env:{"type":"authorized_user"}' }).check(), /no usable type/);
  const before = gcpBilling.queriesRun();
  assert.match(await gcp.port().check(), /can be read; a day's query scans about 0\.00 GB/);
  assert.equal(gcpBilling.queriesRun(), before, 'nothing is run, and nothing billed');
});

const reason = (status: number, why: string): Fault => ({
  kind: 'status',
  status,
  responseBody: JSON.stringify({ error: { code: status, message: 'said so', errors: [{ reason: why }] } }),
});
const FAULTS: readonly (readonly [what: string, fault: Fault, kind: ProviderErrorKind])[] = [
  ['a page of a proxy', { kind: 'html-error' }, 'malformed'],
  ['an answer that was cut', { kind: 'truncated-json' }, 'malformed'],
  ['a cut connection', { kind: 'reset-before-answer' }, 'unavailable'],
  ['no answer at all', { kind: 'hang', ms: 3_000 }, 'unavailable'],
  ['an error of the service', reason(503, 'backendError'), 'unavailable'],
  ['a rate limit', reason(403, 'rateLimitExceeded'), 'retry-after'],
  ['a quota', reason(403, 'quotaExceeded'), 'retry-after'],
  ['429', { kind: 'rate-limited', retryAfter: 7 }, 'retry-after'],
  ['an answer without a job', { kind: 'status', status: 200, responseBody: '{"jobComplete":false}' }, 'malformed'],
  ['an answer of another shape', { kind: 'status', status: 200, responseBody: '{"rows":7}' }, 'malformed'],
];
for (const [what, fault, kind] of FAULTS)
  test(`${what} is ${kind}`, async () => {
    await using gcp = await startGcp({ billRows });
    gcp.simulator.faults.push({ ...fault, path: '/bigquery/', times: 1 });
    const port = gcp.port({ timeout: 700 });
    await assert.rejects(port.accountCosts(asked), (e) => isProviderError(e, kind));
    assert.equal((await gcp.port().accountCosts(asked)).byResource.size, 2, 'a failure is not kept');
  });

test('the time to wait is the one that was said', async () => {
  await using gcp = await startGcp({ billRows });
  gcp.simulator.faults.push({ kind: 'rate-limited', retryAfter: 7, path: '/bigquery/', times: 1 });
  await assert.rejects(gcp.port().accountCosts(asked), (e) => isProviderError(e) && e.retryAfterMs === 7_000);
});

test('what passes by itself is tried again, and the query is run and billed once', async () => {
  await using gcp = await startGcp({ billRows });
  gcp.simulator.faults.push({ kind: 'reset-after-effect', path: '/queries', times: 1 });
  assert.equal((await gcp.port({ retries: 2 }).accountCosts(asked)).byResource.size, 2);
  assert.equal(gcp.simulator.gcpBilling.queriesRun(), 2);
});

const FIELDS = [
  ...['project_id', 'project_number', 'usage_day', 'global_name', 'resource_name', 'region_id', 'zone_id'],
  ...['service_name', 'currency_code', 'charged', 'by_resource_commitments', 'by_spend_commitments', 'gifted'],
  ...['credited', 'commitment_id', 'unreadable', 'model_id', 'model_name'],
].map((name) => ({ name, type: 'STRING' }));
const row = (name: string, over: Readonly<Record<string, string | null>> = {}) => {
  const cells: Readonly<Record<string, string | null>> = {
    project_id: PROJECT,
    usage_day: day(1),
    global_name: vmName(name),
    currency_code: 'USD',
    charged: '1.5',
    by_resource_commitments: '0',
    by_spend_commitments: '0',
    gifted: '0',
    credited: '0',
    unreadable: '0',
    ...over,
  };
  return { f: FIELDS.map(({ name: field }) => ({ v: cells[field] ?? null })) };
};

test('broken rows cost their resource the run-rate and nobody else', async () => {
  await using gcp = await startGcp({ billRows });
  const rows = [
    row('good'),
    row('no-day', { usage_day: 'yesterday' }),
    row('no-amount', { charged: null }),
    row('unreadable', { unreadable: '2' }),
    row('odd', { charged: '1.000,5' }),
    { f: [{ v: 'too' }, { v: 'short' }] },
  ];
  const answer = { jobComplete: true, jobReference: { jobId: 'j' }, schema: { fields: FIELDS }, rows, totalRows: '6' };
  const fault: Fault = {
    kind: 'status',
    status: 200,
    responseBody: JSON.stringify(answer),
    body: 'global_name',
    times: 1,
  };
  gcp.simulator.faults.push(fault);
  const { byResource, rejected } = await gcp.port().accountCosts(asked);
  assert.deepEqual([...byResource.keys()], [vmName('good')]);
  const named = new Set(rejected.map((r) => r.resourceId));
  for (const name of ['no-day', 'no-amount', 'unreadable', 'odd']) assert.ok(named.has(vmName(name)), name);
  assert.ok(named.has('(row)'));
});

test('usage under a consumption model is covered; the default model and none are on demand', async () => {
  await using gcp = await startGcp({ billRows });
  const rows = [
    row('by-name', { model_name: 'Compute Flexible CUDs 3 Year', model_id: '70D7-D1AB-12A4' }),
    row('by-id', { model_id: 'D97B-0795-975B' }),
    row('default', { model_name: 'Default', model_id: '7754-699E-F0EB' }),
    row('none'),
    // As it was until January 2026: the credit of a spend-based commitment.
    row('credit', { credited: '-1.5', by_spend_commitments: '-1.5', commitment_id: 'cud-9' }),
  ];
  const answer = { jobComplete: true, schema: { fields: FIELDS }, rows, totalRows: '5' };
  gcp.simulator.faults.push({ kind: 'status', status: 200, responseBody: JSON.stringify(answer), body: 'global_name' });
  const { byResource, rejected } = await gcp.port().accountCosts(asked);
  assert.deepEqual(rejected, []);
  const of = (name: string) => {
    const cost = byResource.get(vmName(name));
    return [cost?.CommitmentDiscountType, cost?.CommitmentDiscountId, cost?.commitmentCoverage, cost?.EffectiveCost];
  };
  assert.deepEqual(of('by-name'), ['savings-plan', '70D7-D1AB-12A4', 1, '1.5']);
  assert.deepEqual(of('by-id'), ['savings-plan', 'D97B-0795-975B', 1, '1.5']);
  assert.deepEqual(of('default'), [null, null, 0, '1.5']);
  assert.deepEqual(of('none'), [null, null, 0, '1.5']);
  assert.deepEqual(of('credit'), ['savings-plan', 'cud-9', 1, '1.5']);
});

test('a table without consumption models is read without them, and the check says what is not known then', async () => {
  await using gcp = await startGcp({ billRows });
  const error = {
    code: 400,
    message: 'Unrecognized name: consumption_model at [11:3]',
    errors: [{ reason: 'invalidQuery' }],
  };
  const fault: Fault = {
    kind: 'status',
    status: 400,
    responseBody: JSON.stringify({ error }),
    body: 'consumption_model',
  };
  gcp.simulator.faults.push({ ...fault, times: 1 });
  assert.equal((await gcp.port().accountCosts(asked)).byResource.size, 2);
  gcp.simulator.faults.push({ ...fault, times: 1 });
  assert.match(await gcp.port().check(), /no column consumption_model/);
});

test('an answer that lost rows is not believed', async () => {
  await using gcp = await startGcp({ billRows });
  const answer = { jobComplete: true, schema: { fields: FIELDS }, rows: [row('a')], totalRows: '2' };
  gcp.simulator.faults.push({ kind: 'status', status: 200, responseBody: JSON.stringify(answer), body: 'global_name' });
  await assert.rejects(
    gcp.port().accountCosts(asked),
    (e) => isProviderError(e, 'malformed') && /1 of 2 rows/.test(e.message),
  );
});

test('the token goes to no other address than the configured one', async () => {
  await using gcp = await startGcp({ billRows });
  process.env['BIGQUERY_EMULATOR_HOST'] = 'http://127.0.0.1:9';
  try {
    assert.match(await gcp.port().check(), /can be read/);
  } finally {
    delete process.env['BIGQUERY_EMULATOR_HOST'];
  }
  assert.throws(() => gcp.port({ apiUrl: 'http://bigquery.example.com' }), /plain http is for loopback only/);
});
