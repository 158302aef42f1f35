import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TENANT_QUOTAS } from '../../../sandbox/azure-cost/limits.ts';
import { billOf, day } from './azure-gcp-bill.ts';
import { type Rig, SUBSCRIPTION, startAzure, vm } from './azure-rig.ts';

const billRows = billOf('azure', [
  vm('a', '0.12345678901234567890123', { tags: { team: 'web' } }),
  vm('b', '2', { commitment: { type: 'reservation', id: 'r-1' } }),
  { accountId: SUBSCRIPTION, resourceId: null, daily: '5', commitment: { type: 'reservation', unused: true } },
]);
const period = { from: `${day(3)}T00:00:00Z`, to: `${day(2)}T00:00:00Z` };
const aggregation = { total: { name: 'Cost', function: 'Sum' } };
const by = (name: string, type = 'Dimension') => ({ type, name });

async function send(azure: Rig, body: unknown, { token, path }: { token?: string; path?: string } = {}) {
  const bearer = token ?? (await azure.tokens().getToken('https://management.azure.com/.default')).token;
  const query = path ?? '/providers/Microsoft.CostManagement/query?api-version=2025-03-01';
  const response = await fetch(`${azure.url}/subscriptions/${SUBSCRIPTION}${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const query = (dataset: object, over: object = {}) => ({
  type: 'AmortizedCost',
  timeframe: 'Custom',
  timePeriod: period,
  dataset: { granularity: 'None', aggregation, ...dataset },
  ...over,
});

test('both ends of a period count, and every digit of an amount is sent', async () => {
  await using azure = await startAzure({ billRows });
  const { text } = await send(azure, query({ granularity: 'Daily', grouping: [by('ResourceId')] }));
  const dates = [day(3), day(2)].map((d) => d.replaceAll('-', ''));
  for (const date of dates) assert.ok(text.includes(`,${date},"USD"]`), 'the day as a number');
  assert.ok(
    text.includes('[0.12345678901234567890123,"/subscriptions/1f0c2a6e-0000-4000-8000-000000000001/resourcegroups/'),
  );
  assert.match(text, /"columns":\[\{"name":"Cost".*"ResourceId".*"UsageDate","type":"Number".*"Currency"/);
});

test('what is asked decides what is seen: kind of cost, grouping, filter, granularity', async () => {
  await using azure = await startAzure({ billRows });
  const rows = async (body: object) =>
    (JSON.parse((await send(azure, body)).text) as { properties: { rows: unknown[][] } }).properties.rows;
  const charge = { dimensions: { name: 'ChargeType', operator: 'In', values: ['UnusedReservation'] } };
  assert.deepEqual(await rows(query({ filter: charge })), [[10, 'USD']]);
  const pricing = await rows(query({ grouping: [by('PricingModel'), by('BenefitId')] }, { type: 'ActualCost' }));
  assert.deepEqual(
    pricing.map((r) => r.slice(1, 3)),
    [
      ['OnDemand', ''],
      ['Reservation', 'r-1'],
    ],
  );
  assert.equal(pricing[1]?.[0], 0, 'the invoice does not charge what was paid before');
  assert.deepEqual(
    (await rows(query({ grouping: [by('team', 'TagKey')] }))).map((r) => r.slice(1, 3)),
    [
      ['team', ''],
      ['team', 'web'],
    ],
  );
  const [month] = await rows(query({ granularity: 'Monthly' }));
  assert.match(String(month?.[1]), /^\d{4}-\d\d-01T00:00:00$/);
});

test('it refuses what the service refuses', async () => {
  await using azure = await startAzure({ billRows });
  const status = async (body: unknown, more?: object) => (await send(azure, body, more)).status;
  const group = (...names: string[]) => query({ grouping: names.map((name) => by(name)) });
  assert.equal(await status(group('ResourceId', 'PricingModel', 'ServiceName')), 400);
  assert.equal(await status(group('Nonsense')), 400);
  assert.equal(await status(query({ aggregation: {} })), 400);
  assert.equal(await status(query({ filter: { and: [{}] } })), 400);
  assert.equal(await status(query({}, { timePeriod: undefined })), 400);
  assert.equal(await status(query({}, { timePeriod: { ...period, from: '2020-01-01T00:00:00Z' } })), 400);
  assert.equal(await status(query({}), { path: '/providers/Microsoft.CostManagement/query' }), 400);
  assert.equal(await status(query({}), { token: 'eyJ.forged' }), 401);
  const skip = '/providers/Microsoft.CostManagement/query?api-version=2025-03-01&%24skiptoken=unknown';
  assert.equal(await status(query({}), { path: skip }), 400);
});

test('the next page needs the same body', async () => {
  await using azure = await startAzure({ billRows, pageRows: 1 });
  const body = query({ grouping: [by('ResourceId')] });
  const { nextLink } = (JSON.parse((await send(azure, body)).text) as { properties: { nextLink: string } }).properties;
  const path = nextLink.slice(nextLink.indexOf('/providers'));
  assert.equal((await send(azure, query({ grouping: [by('ServiceName')] }), { path })).status, 400);
  assert.equal((await send(azure, body, { path })).status, 200);
});

test('quotas are the published ones, counted by the month, and stated in every answer', async () => {
  let ahead = 0;
  await using azure = await startAzure({ billRows, quotas: TENANT_QUOTAS, clock: () => Date.now() + ahead });
  const year = query({}, { timePeriod: { from: `${day(300)}T00:00:00Z`, to: `${day(1)}T00:00:00Z` } });
  const first = await send(azure, year);
  const used = Number(first.headers.get('x-ms-ratelimit-microsoft.costmanagement-qpu-consumed'));
  assert.ok(used === 10 || used === 11, `${used}`);
  assert.match(
    first.headers.get('x-ms-ratelimit-microsoft.costmanagement-qpu-remaining') ?? '',
    /QueriesPerHour:5(89|90)/,
  );
  const refused = await send(azure, year);
  assert.equal(refused.status, 429);
  const wait = Number(refused.headers.get('x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after'));
  assert.ok(wait >= 1 && wait <= 10);
  ahead += 11_000;
  assert.equal((await send(azure, query({}))).status, 200);
});
