import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { billOf, day, DAY, now, NOW } from './azure-gcp-bill.ts';
import { SUBSCRIPTION, startAzure, vm, vmId } from './azure-rig.ts';

const asked = { accountId: SUBSCRIPTION, asOf: now() };
const billRows = billOf(
  'azure',
  Array.from({ length: 10 }, (_, i) => vm(`vm-${i}`, '2.4')),
);
/** Ten assets on 14 days in pages of 40: four pages, after one of totals. */
const PAGED = { billRows, pageRows: 100 };

test('a used-up quota is waited out, the longest of several', async () => {
  await using azure = await startAzure({
    ...PAGED,
    // A query costs a unit for each month it touches: five at the least, whatever day it is.
    quotas: [{ name: 'Q', units: 4, seconds: 2 }],
    callsPerMinute: 1e6,
  });
  const started = Date.now();
  const { byResource, requests } = await azure.port({ maxWait: 5_000 }).accountCosts(asked);
  assert.equal(byResource.size, 10);
  assert.ok(Date.now() - started >= 1_000);
  const refused = azure.queries().filter((q) => q.status === 429).length;
  assert.ok(refused >= 1);
  assert.equal(requests, azure.queries().length, 'refused requests count as well');
});

test('a quota that takes too long is handed on, and the next attempt goes on where this one stopped', async () => {
  let ahead = 0;
  await using azure = await startAzure({
    ...PAGED,
    callsPerMinute: 2,
    clock: () => Date.now() + ahead,
    tokenSeconds: 1e6,
  });
  const port = azure.port({ maxWait: 10 });
  await assert.rejects(
    port.accountCosts(asked),
    (e) => isProviderError(e, 'retry-after') && (e.retryAfterMs ?? 0) > 30_000 && (e.retryAfterMs ?? 0) <= 60_000,
  );
  ahead += 61_000;
  const { byResource, requests } = await port.accountCosts(asked);
  assert.equal(byResource.size, 10);
  assert.equal(byResource.get(vmId('vm-3').toLowerCase())?.EffectiveCost, '33.6', 'no page is counted twice');
  assert.equal(requests, 1, 'two pages were there already');
  const answered = azure.queries().filter((q) => q.status === 200);
  assert.equal(
    new Set(answered.map((q) => `${q.query} ${q.body}`)).size,
    answered.length,
    'no page was asked for twice',
  );
});

test('the header that takes longest decides', async () => {
  await using azure = await startAzure({
    ...PAGED,
    quotas: [{ name: 'Q', units: 4, seconds: 7 }],
    callsPerMinute: 1,
  });
  await assert.rejects(azure.port({ maxWait: 0 }).accountCosts(asked), (e) => {
    return isProviderError(e, 'retry-after') && (e.retryAfterMs ?? 0) > 50_000;
  });
});

test('a link that is no longer known is given up for the first page', async () => {
  let ahead = 0;
  const options = { ...PAGED, callsPerMinute: 2, clock: () => Date.now() + ahead, tokenSeconds: 1e6 };
  await using azure = await startAzure(options);
  const port = azure.port({ maxWait: 0 });
  await assert.rejects(port.accountCosts(asked), (e) => isProviderError(e, 'retry-after'));
  ahead += 61_000;
  const responseBody = JSON.stringify({ error: { code: 'BadRequest', message: 'The skiptoken has expired.' } });
  azure.simulator.faults.push({ kind: 'status', status: 400, responseBody, path: '/query', times: 1 });
  assert.equal((await port.accountCosts(asked)).byResource.size, 10);
});

test('one token serves many requests, and one that ended in the middle of an answer is renewed once', async () => {
  const seen = { queries: () => 0 };
  // Twenty minutes pass with every query, on the other side only.
  const clock = () => Date.now() + seen.queries() * 1_200_000;
  await using azure = await startAzure({ ...PAGED, pageRows: 30, clock });
  seen.queries = () => azure.queries().length;
  const { byResource, requests } = await azure.port().accountCosts(asked);
  assert.equal(byResource.size, 10);
  const refused = azure.queries().filter((q) => q.status === 401).length;
  assert.ok(refused >= 1);
  assert.equal(azure.simulator.azureCost.tokensIssued(), 1 + refused);
  assert.equal(requests, azure.queries().length);
});

test('a refused secret, a missing role and an unknown subscription are told with what to do', async () => {
  await using azure = await startAzure({ billRows, subscriptions: [SUBSCRIPTION] });
  await assert.rejects(azure.port({}, { clientSecret: 'env:WRONG' }).check(), (e) => {
    return (
      isProviderError(e, 'unauthorised') && /AADSTS7000215.*secret is wrong/.test(e.message) && !/nope/.test(e.message)
    );
  });
  azure.simulator.azureCost.deny(SUBSCRIPTION);
  const denied = (e: unknown) => isProviderError(e, 'unauthorised') && /role Cost Management Reader/.test(e.message);
  await assert.rejects(azure.port().check(), denied);
  await assert.rejects(azure.port().accountCosts(asked), denied);
  const elsewhere = { ...asked, accountId: '00000000-0000-4000-8000-000000000009' };
  await assert.rejects(azure.port().accountCosts(elsewhere), (e) => isProviderError(e, 'not-found'));
  azure.simulator.azureCost.deny(SUBSCRIPTION, false);
  assert.match(await azure.port().check(), /answers for subscription 1f0c/);
});

const FAULTS: readonly (readonly [what: string, fault: Fault, kind: 'malformed' | 'unavailable' | 'retry-after'])[] = [
  ['a page of a proxy', { kind: 'html-error' }, 'malformed'],
  ['an answer that was cut', { kind: 'truncated-json' }, 'malformed'],
  ['a cut connection', { kind: 'reset-before-answer' }, 'unavailable'],
  ['no answer at all', { kind: 'hang', ms: 3_000 }, 'unavailable'],
  [
    'an error of the service',
    { kind: 'status', status: 503, responseBody: '{"error":{"code":"ServerBusy"}}' },
    'unavailable',
  ],
  ['a 429 that does not say how long', { kind: 'rate-limited' }, 'retry-after'],
  [
    'an answer without rows',
    { kind: 'status', status: 200, responseBody: '{"properties":{"columns":[]}}' },
    'malformed',
  ],
];
for (const [what, fault, kind] of FAULTS)
  test(`${what} is ${kind}`, async () => {
    await using azure = await startAzure({ billRows });
    azure.simulator.faults.push({ ...fault, path: '/query', times: 1 });
    const port = azure.port({ timeout: 300, maxWait: 0 });
    await assert.rejects(port.accountCosts(asked), (e) => isProviderError(e, kind));
    assert.equal((await port.accountCosts(asked)).byResource.size, 10, 'a failure is not kept');
  });

const answer = (properties: object) => JSON.stringify({ properties });
const COLUMNS = ['cost', 'ResourceId', 'PricingModel', 'UsageDate', 'Currency'].map((name) => ({
  name,
  type: 'String',
}));
const on = (daysAgo: number) => Number(day(daysAgo).replaceAll('-', ''));

test('a link to another host is not followed, and gets no token', async () => {
  await using azure = await startAzure({ billRows });
  await using elsewhere = await startAzure({ billRows });
  const nextLink = `${elsewhere.url}/subscriptions/${SUBSCRIPTION}/providers/Microsoft.CostManagement/query`;
  const responseBody = answer({ nextLink, columns: COLUMNS, rows: [] });
  azure.simulator.faults.push({ kind: 'status', status: 200, responseBody, path: '/query' });
  await assert.rejects(
    azure.port().accountCosts(asked),
    (e) => isProviderError(e, 'malformed') && /nextLink/.test(e.message),
  );
  assert.equal(elsewhere.simulator.journal.entries().length, 0);
});

test('rows that overlap are counted once, and broken ones cost their resource the run-rate', async () => {
  await using azure = await startAzure({ billRows });
  const good = [1.5, vmId('a'), 'OnDemand', on(1), 'USD'];
  const rows = [
    good,
    good,
    [2.5, vmId('twice'), 'OnDemand', on(1), 'USD'],
    [2.6, vmId('twice'), 'OnDemand', on(1), 'USD'],
    [1, vmId('new-word'), 'Barter', on(1), 'USD'],
    [1, vmId('no-day'), 'OnDemand', 20261399, 'USD'],
    [null, vmId('no-amount'), 'OnDemand', on(1), 'USD'],
    ['too', 'short'],
  ];
  const responseBody = answer({ nextLink: null, columns: COLUMNS, rows });
  azure.simulator.faults.push({ kind: 'status', status: 200, responseBody, body: 'ResourceId' });
  const { byResource, rejected } = await azure.port().accountCosts(asked);
  assert.deepEqual(
    [...byResource].map(([id, c]) => [id, c.EffectiveCost]),
    [[vmId('a').toLowerCase(), '1.5']],
  );
  const reasons = rejected.map((r) => r.reason).join('\n');
  for (const reason of [/two amounts/, /"Barter"/, /no day/, /"" is not a number/, /1 rows are not as wide/])
    assert.match(reasons, reason);
});

test('columns are found by name, and one that is missing is named', async () => {
  await using azure = await startAzure({ billRows });
  const responseBody = answer({ nextLink: null, columns: COLUMNS.slice(1), rows: [] });
  azure.simulator.faults.push({ kind: 'status', status: 200, responseBody, path: '/query' });
  await assert.rejects(azure.port().accountCosts(asked), /no column cost among ResourceId/);
});

test('the column of amounts is called after the measure, in whatever capitals', async () => {
  for (const amounts of ['Cost', 'cost', 'COST', 'PreTaxCost']) {
    await using azure = await startAzure({ billRows });
    const columns = [amounts, 'resourceid', 'PricingModel', 'UsageDate', 'currency'].map((name) => ({
      name,
      type: 'String',
    }));
    const rows = [[276.17, vmId('a').toUpperCase(), 'OnDemand', on(1), 'USD']];
    const responseBody = answer({ nextLink: null, columns, rows });
    azure.simulator.faults.push({ kind: 'status', status: 200, responseBody, body: 'ResourceId' });
    const { byResource, rejected } = await azure.port().accountCosts(asked);
    assert.deepEqual(
      [...byResource].map(([id, c]) => [id, c.EffectiveCost]),
      [[vmId('a').toLowerCase(), '276.17']],
    );
    assert.deepEqual(rejected, []);
  }
});

test('a subscription that is missing in passing is asked for again', async () => {
  await using azure = await startAzure({ billRows });
  const responseBody = '{"error":{"code":"SubscriptionNotFound","message":"m"}}';
  azure.simulator.faults.push({ kind: 'status', status: 404, responseBody, path: '/query', times: 1 });
  assert.equal((await azure.port().accountCosts(asked)).byResource.size, 10);
});

test('the bill is asked for again after the day is over', async () => {
  await using azure = await startAzure({ billRows });
  const port = azure.port();
  await port.accountCosts(asked);
  const before = azure.queries().length;
  const tomorrow = new Date(NOW + DAY).toISOString();
  assert.ok((await port.accountCosts({ ...asked, asOf: tomorrow })).requests > 0);
  assert.ok(azure.queries().length > before);
});
