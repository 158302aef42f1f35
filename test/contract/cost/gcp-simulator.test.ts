import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BigQuery } from '@google-cloud/bigquery';
import { resourceOf } from '../../../providers/cost/gcp-billing/lines.ts';
import { billOf, day } from './azure-gcp-bill.ts';
import { PROJECT, type Rig, startGcp, TABLE, vm } from './gcp-rig.ts';

const billRows = billOf('gcp', [vm('a', '2.4'), vm('b', '1')]);
const SUM = 'CAST(IFNULL(SUM(SAFE_CAST(CAST(cost AS STRING) AS BIGNUMERIC)), 0) AS STRING) AS charged';
const DAYS = "FORMAT_TIMESTAMP('%F', usage_start_time) AS usage_day";
const query = (where: string, select = `${DAYS}, ${SUM}`, group = 'usage_day') =>
  `SELECT ${select} FROM \`${TABLE}\` WHERE ${where} GROUP BY ${group}`;
const PARTITIONS = '_PARTITIONTIME >= TIMESTAMP(@from)';
const params = { from: day(3), projects: [PROJECT] };

/** The official client, as anybody would use it. */
const clientOf = (gcp: Rig) =>
  new BigQuery({
    projectId: 'acme-finops',
    apiEndpoint: gcp.url,
    authClient: gcp.auth(),
    retryOptions: { autoRetry: false },
  });

test('the official client reads it, page by page and when the query takes its time', async () => {
  await using gcp = await startGcp({ billRows, pageBytes: 40 });
  gcp.simulator.gcpBilling.slow(2);
  const [rows] = await clientOf(gcp).query({
    query: query(`${PARTITIONS} AND project.id IN UNNEST(@projects)`),
    params,
    maxResults: 2,
  });
  const found = rows as { usage_day: string; charged: string }[];
  assert.ok(found.length >= 3);
  assert.equal(found.find((r) => r.usage_day === day(1))?.charged, '4.25', 'before its automatic discount');
});

test('a count is text on the wire and a number to the official client', async () => {
  await using gcp = await startGcp({ billRows });
  const count =
    'COUNTIF(SAFE_CAST(CAST(cost AS STRING) AS BIGNUMERIC) IS NULL OR EXISTS(SELECT 1 FROM UNNEST(credits) AS c WHERE SAFE_CAST(CAST(c.amount AS STRING) AS BIGNUMERIC) IS NULL)) AS unreadable';
  const [rows] = await clientOf(gcp).query({ query: query(PARTITIONS, `${DAYS}, ${count}`), params });
  assert.equal((rows as { unreadable: unknown }[])[0]?.unreadable, 0);
});

test('it refuses what it does not know, what BigQuery refuses, and who it does not know', async () => {
  await using gcp = await startGcp({ billRows });
  const client = clientOf(gcp);
  const refused = (text: string, code: number, more: object = {}) =>
    assert.rejects(client.query({ query: text, params, ...more }), { code });
  await refused('SELECT 1', 400);
  await refused(query("cost_type = 'regular'"), 400);
  await refused(query(`${PARTITIONS} AND cost > 5`), 400);
  await refused(query(PARTITIONS, `${DAYS}, AVG(cost) AS charged`), 400);
  await refused(query(PARTITIONS, `${DAYS}, currency AS currency_code, ${SUM}`), 400);
  await refused(query(PARTITIONS).replace(TABLE, 'a-project.b.c'), 404);
  await refused(query(PARTITIONS), 400, { params: {} });
  await refused(query(PARTITIONS), 400, { maximumBytesBilled: '1' });
  await assert.rejects(client.job('nothing').getQueryResults(), { code: 404 });
  gcp.simulator.gcpBilling.deny('bigquery.jobs.create');
  await refused(query(PARTITIONS), 403);
  const response = await fetch(`${gcp.url}/bigquery/v2/projects/acme-finops/queries`, { method: 'POST', body: '{}' });
  assert.equal(response.status, 401);
});

const NAMES: readonly (readonly [globalName: string, name: string | null, expected: string])[] = [
  [
    '//compute.googleapis.com/projects/123/zones/us-east1-b/instance/456',
    'vm',
    'compute.googleapis.com/projects/proj-1/zones/us-east1-b/instances/vm',
  ],
  [
    '//compute.googleapis.com/projects/123/zones/us-east1-b/instances/456',
    'projects/proj-1/instances/vm',
    'compute.googleapis.com/projects/proj-1/zones/us-east1-b/instances/vm',
  ],
  [
    '//compute.googleapis.com/projects/proj-1/zones/us-east1-b/disk/data',
    null,
    'compute.googleapis.com/projects/proj-1/zones/us-east1-b/disks/data',
  ],
  [
    '//compute.googleapis.com/projects/123/instance/456',
    'vm',
    'compute.googleapis.com/projects/proj-1/zones/us-east1-b/instances/vm',
  ],
  [
    '//compute.googleapis.com/projects/123/regions/us-east1/address/9',
    'ip',
    'compute.googleapis.com/projects/proj-1/regions/us-east1/addresses/ip',
  ],
  ['//sqladmin.googleapis.com/projects/123/instances/db', null, 'cloudsql.googleapis.com/projects/proj-1/instances/db'],
  [
    '//compute.googleapis.com/projects/999/zones/us-east1-b/instance/456',
    'vm',
    'compute.googleapis.com/projects/999/zones/us-east1-b/instance/456',
  ],
  [
    '//compute.googleapis.com/projects/123/zones/us-east1-b/instance/456',
    null,
    'compute.googleapis.com/projects/123/zones/us-east1-b/instance/456',
  ],
  ['//storage.googleapis.com/bucket-1', null, 'storage.googleapis.com/bucket-1'],
];
for (const [globalName, name, expected] of NAMES)
  test(`${globalName} named ${name}`, () => {
    const place = { project_id: 'proj-1', project_number: '123', zone_id: 'us-east1-b', region_id: 'us-east1' };
    assert.equal(resourceOf({ global_name: globalName, resource_name: name, ...place }), `//${expected}`);
  });

test('nothing named is no resource', () => {
  assert.equal(resourceOf({ global_name: null, resource_name: 'x', project_id: 'proj-1' }), '');
});
