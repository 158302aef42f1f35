import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { buildScaleEstate } from '../../../sandbox/estate/scale.ts';
import { InventoryAsset } from '../../../schemas/asset.ts';
import {
  clockFrom,
  days,
  everythingIn,
  find,
  PROD,
  PROJECT,
  readAll,
  SUBSCRIPTION,
  startLacework,
} from './lacework-harness.ts';

const { lacework, simulator, estate, calls } = await startLacework({ pageRows: 40 });
const PLACES = [
  [PROD, 'us-east-1'],
  [PROD, 'eu-west-1'],
  ['444455556666', 'us-east-1'],
  [SUBSCRIPTION, 'westeurope'],
  [PROJECT, 'europe-west1'],
] as const;

test('every seeded asset of three clouds is found once by its key, over many pages of the vendor and of ours', async () => {
  for (const [accountId, region] of PLACES) {
    const pages = await readAll(lacework, everythingIn(accountId, region, 7));
    const keys = pages.flatMap((p) => p.assets).map((a) => a.assetKey);
    const seeded = estate.assets.filter((a) => a.accountId === accountId && a.region === region);
    assert.deepEqual([...keys].sort(), seeded.map((a) => a.assetKey).sort(), `${accountId} ${region}`);
    assert.ok(pages.every((p) => p.assets.length <= 7));
    assert.ok(pages.every((p) => p.totalCount === seeded.length));
    for (const asset of pages.flatMap((p) => p.assets)) assert.deepEqual(InventoryAsset.parse(asset), asset);
  }
  assert.ok(
    calls('/Inventory/').some((e) => e.method === 'GET'),
    'the vendor’s own pages were followed',
  );
});

test('the newest collection of a resource counts, wherever among the pages its rows are', async () => {
  const clock = clockFrom();
  const moving = await startLacework({ clock: clock.read, pageRows: 10, config: { window: '3d' } });
  moving.states.set('report-idle-1', 'stopped');
  clock.advance(days(1));
  const asset = await find(moving.lacework, moving.estate, 'report-idle-1');
  const rows = moving.calls('/Inventory/').length;
  assert.ok(rows > 5, 'several collections of every resource came over many pages');
  assert.equal(asset.status, 'inactive');
  assert.equal(asset.attributes?.['state.name'], 'stopped');
});

test('broken rows are rejected with field, what was found and the fix; the rows beside them live', async () => {
  const prod = await readAll(lacework, everythingIn(PROD, 'us-east-1', 500));
  const lab = await readAll(lacework, everythingIn('444455556666', 'eu-west-1', 500));
  const rejected = [...prod, ...lab].flatMap((p) => p.rejected);
  assert.deepEqual(rejected.map((r) => `${r.field} ${r.found}`).sort(), [
    'endTime "yesterday"',
    'resourceTags "half a tag"',
    'urn "/subscriptions/0000/virtualMachines/foreign-id"',
    `urn "arn:aws:ec2:us-east-1:999999999999:instance/i-${'1'.repeat(17)}"`,
    'urn null',
  ]);
  for (const r of rejected) assert.ok(r.fix.length > 10 && r.rowId, JSON.stringify(r));
  assert.ok((prod[0]?.assets.length ?? 0) > 30);
});

test('tags, ages, states and configuration are those of the estate, in the words of each cloud', async () => {
  const kev = await find(lacework, estate, 'edge-kev-1');
  assert.equal(kev.tags['owner'], 'dev@acme.example');
  assert.equal(
    kev.attributes?.['instanceType'],
    estate.assets.find((a) => a.name === 'edge-kev-1')?.instance?.instanceType,
  );
  assert.equal(kev.internetExposed, null, 'the inventory does not say');
  const fresh = await find(lacework, estate, 'fresh-1');
  const age = (Date.now() - Date.parse(fresh.createdAt ?? '')) / days(1);
  assert.ok(age > 2.9 && age < 3.1);
  const vpn = await find(lacework, estate, 'old-vpn-ip');
  assert.match(vpn.assetKey, /:elastic-ip\/eipalloc-/);
  assert.match(vpn.vendorId, /:address\/eipalloc-/);
  assert.equal(vpn.status, 'inactive');
  assert.equal((await find(lacework, estate, 'old-db-data')).status, 'inactive');
  const azure = await find(lacework, estate, 'az-web-1');
  assert.equal(azure.assetKey, azure.vendorId.toLowerCase());
  assert.notEqual(azure.assetKey, azure.vendorId);
  assert.deepEqual([azure.region, azure.status, azure.name], ['westeurope', 'active', 'az-web-1']);
  assert.equal((await find(lacework, estate, 'gc-old-1')).status, 'inactive');
  assert.equal((await find(lacework, estate, 'gc-disk-1')).status, 'inactive');
});

test('a row that says little is an asset about which little is known; configuration may be text, tags a list', async () => {
  const odd = await startLacework();
  const urn = `arn:aws:ec2:us-east-1:${PROD}:instance/i-00000000000000aaa`;
  const rows = [
    { urn, resourceType: 'ec2:instance' },
    {
      urn: urn.replace('aaa', 'bbb'),
      resourceType: 'ec2:instance',
      resourceTags: [{ Key: 'Name', Value: 'told' }, { Key: 'empty' }],
      resourceConfig: '{"State":{"Name":"daydreaming"}}',
      status: { status: 'success' },
    },
    { urn: urn.replace('aaa', 'ccc'), resourceType: 'ec2:instance', status: { status: 'error' } },
  ];
  const responseBody = JSON.stringify({ data: rows });
  odd.simulator.faults.push({ path: 'Inventory/search', kind: 'status', status: 200, times: 1, responseBody });
  const { assets, rejected } = await odd.lacework.listAssets(everythingIn(PROD, 'us-east-1'));
  assert.deepEqual(rejected, []);
  const [bare, told, failed] = assets;
  assert.deepEqual([bare?.status, bare?.createdAt, bare?.lastSeenAt, bare?.tags], ['unknown', null, null, {}]);
  assert.ok(bare && !('attributes' in bare));
  assert.deepEqual([told?.name, told?.status, told?.tags], ['told', 'unknown', { Name: 'told', empty: '' }]);
  assert.equal(told?.attributes?.['state.name'], 'daydreaming');
  assert.equal(failed?.status, 'error');
});

test('a cursor is understood by another process: it reads the same span again and goes on after the last key', async () => {
  const other = await startLacework({ estate, pageRows: 40 });
  const first = await lacework.listAssets(everythingIn(PROD, 'us-east-1', 10));
  const second = await other.lacework.listAssets({ ...everythingIn(PROD, 'us-east-1', 10), cursor: first.nextCursor });
  const here = await lacework.listAssets({ ...everythingIn(PROD, 'us-east-1', 10), cursor: first.nextCursor });
  assert.deepEqual(
    second.assets.map((a) => a.assetKey),
    here.assets.map((a) => a.assetKey),
  );
  assert.deepEqual(second.rejected, [], 'rejections are told once, with the first page');
  assert.ok((first.assets.at(-1)?.assetKey ?? '') < (second.assets[0]?.assetKey ?? ''));
});

test('only the types asked for come back; types of another cloud cost no request', async () => {
  const page = await lacework.listAssets({ ...everythingIn(PROD, 'us-east-1'), resourceTypes: ['AWS::EC2::EIP'] });
  assert.deepEqual([...new Set(page.assets.map((a) => a.resourceType))], ['AWS::EC2::EIP']);
  const before = simulator.journal.entries().length;
  const none = await lacework.listAssets({
    ...everythingIn(PROD, 'us-east-1'),
    resourceTypes: ['compute.googleapis.com/Instance'],
  });
  assert.deepEqual([none.assets, none.nextCursor], [[], null]);
  assert.equal(simulator.journal.entries().length, before);
});

test('an account with nothing in it is an empty page, not an error', async () => {
  const page = await lacework.listAssets(everythingIn('999988887777', 'us-east-1'));
  assert.deepEqual(page, { assets: [], rejected: [], nextCursor: null, totalCount: 0 });
  assert.ok(calls('Inventory/search').some((e) => e.status === 204));
});

test('a cursor that is not ours is refused', async () => {
  for (const cursor of ['garbage', '2.garbage'])
    await assert.rejects(
      lacework.listAssets({ ...everythingIn(PROD, 'us-east-1'), cursor }),
      (e) => isProviderError(e, 'terminal'),
      cursor,
    );
});

test('a list that never ends or a page that comes back is stopped; another host is never asked', async () => {
  const endless = await startLacework({ pageRows: 5, client: { maxPages: 3 } });
  await assert.rejects(readAll(endless.lacework, everythingIn(PROD, 'us-east-1')), /more than 3 pages/);
  const still = await startLacework();
  const arm = (nextPage: string) =>
    still.simulator.faults.push({
      path: '/Inventory/',
      kind: 'status',
      status: 200,
      times: 2,
      responseBody: JSON.stringify({ data: [], paging: { urls: { nextPage } } }),
    });
  arm(`${still.base}/api/v2/Inventory/same`);
  await assert.rejects(
    still.lacework.listAssets(everythingIn(PROD, 'us-east-1')),
    (e) => isProviderError(e, 'malformed') && /second time/.test(e.message),
  );
  still.simulator.faults.length = 0;
  arm('https://elsewhere.example/api/v2/Inventory/1');
  // As in the vendor's SDK: path and query count, on the host we talk to. The token goes nowhere else.
  await assert.rejects(
    still.lacework.listAssets(everythingIn(PROD, 'us-east-1')),
    (e) => isProviderError(e, 'malformed') && /second time/.test(e.message),
  );
  assert.ok(still.simulator.journal.entries().some((e) => e.path === '/api/v2/Inventory/1'));
  still.simulator.faults.length = 0;
  assert.ok((await still.lacework.listAssets(everythingIn(PROD, 'us-east-1'))).assets.length > 30, 'it starts anew');
});

test('regions are filtered here where the vendor’s spelling is not ours, and one reading serves them all', async () => {
  const two = await startLacework();
  await two.lacework.listAssets(everythingIn(SUBSCRIPTION, 'westeurope'));
  const elsewhere = await two.lacework.listAssets(everythingIn(SUBSCRIPTION, 'northeurope'));
  assert.deepEqual(elsewhere.assets, []);
  const kept = await startLacework({ config: { accountFactsFor: '30m' } });
  await kept.lacework.listAssets(everythingIn(SUBSCRIPTION, 'westeurope'));
  await kept.lacework.listAssets(everythingIn(SUBSCRIPTION, 'northeurope'));
  assert.equal(kept.calls('Inventory/search').length, 1);
  await kept.lacework.listAssets(everythingIn(SUBSCRIPTION, 'westeurope'));
  assert.equal(kept.calls('Inventory/search').length, 2, 'a new sweep of the same region reads anew');
});

test('a thousand assets take few requests', async (t) => {
  const thousand = await startLacework({ estate: buildScaleEstate(1000) });
  const pages = await readAll(thousand.lacework, { ...everythingIn(PROD, 'us-east-1'), pageSize: 200 });
  assert.equal(pages.flatMap((p) => p.assets).length, 1000);
  const requests = thousand.simulator.journal.entries().length;
  t.diagnostic(`requests per 1,000 assets: ${requests} (the token is one of them), in ${pages.length} pages of ours`);
  assert.ok(requests <= 3);
});
