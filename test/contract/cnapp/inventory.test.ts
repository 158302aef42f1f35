import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { InventoryAsset } from '../../../schemas/asset.ts';
import { everythingIn, readAll, startWiz } from './helpers.ts';

const { wiz, estate, simulator } = await startWiz();
const PLACES = [
  ['111122223333', 'us-east-1'],
  ['111122223333', 'eu-west-1'],
  ['444455556666', 'us-east-1'],
  ['444455556666', 'eu-west-1'],
] as const;

test('every seeded asset is found once per partition by its ARN, through small, short and repeating pages', async () => {
  let duplicates = 0;
  for (const [accountId, region] of PLACES) {
    const pages = await readAll(wiz, everythingIn(accountId, region, 7));
    const rows = pages.flatMap((p) => p.assets);
    const keys = new Set(rows.map((a) => a.assetKey));
    duplicates += rows.length - keys.size;
    const seeded = estate.assets.filter((a) => a.accountId === accountId && a.region === region).map((a) => a.assetKey);
    assert.deepEqual([...keys].sort(), seeded.sort());
    for (const row of rows) assert.deepEqual(InventoryAsset.parse(row), row);
    assert.ok(
      pages.some((p) => p.nextCursor !== null && p.assets.length + p.rejected.length < 7),
      'a short page that is not the last',
    );
  }
  assert.ok(duplicates > 0, 'the simulator repeated a row across pages');
});

test('broken rows are rejected with field, what was found and the fix; the rows beside them live', async () => {
  const [page] = await readAll(wiz, everythingIn('111122223333', 'us-east-1', 500));
  const lab = await readAll(wiz, everythingIn('444455556666', 'eu-west-1', 500));
  const rejected = [...(page?.rejected ?? []), ...lab.flatMap((p) => p.rejected)];
  assert.deepEqual(rejected.map((r) => `${r.field} ${r.found}`).sort(), [
    'createdAt "yesterday"',
    'name 42',
    'providerUniqueId "/subscriptions/0000/virtualMachines/foreign-id"',
    'providerUniqueId null',
    'tags "half a tag"',
  ]);
  for (const r of rejected) assert.ok(r.fix.length > 10 && r.rowId, JSON.stringify(r));
  assert.ok((page?.assets.length ?? 0) > 30);
});

test('tags, posture flags and ages are those of the estate; a status word we do not know is "unknown"', async () => {
  const rows = (await readAll(wiz, everythingIn('444455556666', 'us-east-1'))).flatMap((p) => p.assets);
  const prod = (await readAll(wiz, everythingIn('111122223333', 'us-east-1'))).flatMap((p) => p.assets);
  assert.equal(rows.find((a) => a.name === 'devbox-2')?.status, 'unknown');
  const kev = prod.find((a) => a.name === 'edge-kev-1');
  assert.equal(kev?.internetExposed, true);
  assert.equal(kev?.adminPrivileges, true);
  assert.equal(kev?.criticalIssues, 1);
  assert.equal(kev?.tags['owner'], 'dev@acme.example');
  assert.equal(prod.find((a) => a.name === 'old-db-data')?.status, 'inactive');
  const address = prod.find((a) => a.name === 'old-vpn-ip');
  assert.ok(address?.createdAt, 'the first sighting stands in where the cloud keeps no creation time');
  const fresh = prod.find((a) => a.name === 'fresh-1');
  const days = (Date.now() - Date.parse(fresh?.createdAt ?? '')) / 86_400_000;
  assert.ok(days > 2.9 && days < 3.1);
});

test('only the types asked for come back, and more than 500 rows are never asked for', async () => {
  const page = await wiz.listAssets({
    ...everythingIn('111122223333', 'us-east-1', 5000),
    resourceTypes: ['AWS::EC2::EIP'],
  });
  assert.deepEqual([...new Set(page.assets.map((a) => a.resourceType))], ['AWS::EC2::EIP']);
  const sent = JSON.parse(simulator.journal.entries().at(-1)?.body ?? '{}') as { variables: { first: number } };
  assert.equal(sent.variables.first, 500);
});

test('a cursor that is not ours is refused, a cursor the vendor refuses is terminal', async () => {
  for (const cursor of ['garbage', '2.garbage'])
    await assert.rejects(
      wiz.listAssets({ ...everythingIn('111122223333', 'us-east-1'), cursor }),
      (e) => isProviderError(e, 'terminal'),
      cursor,
    );
});

test('a list that never ends, or a cursor that stands still, is stopped', async () => {
  const endless = await startWiz({ client: { maxPages: 3 } });
  await assert.rejects(readAll(endless.wiz, everythingIn('111122223333', 'us-east-1', 2)), /more than 3 pages/);
  const still = await startWiz();
  const stuck = JSON.stringify({
    data: { cloudResourcesV2: { nodes: [], pageInfo: { hasNextPage: true, endCursor: 'same' } } },
  });
  still.simulator.faults.push({ path: '/graphql', kind: 'status', status: 200, responseBody: stuck });
  await assert.rejects(
    readAll(still.wiz, everythingIn('111122223333', 'us-east-1')),
    (e) => isProviderError(e, 'malformed') && /does not advance/.test(e.message),
  );
  const lost = stuck.replace('"same"', 'null');
  still.simulator.faults.splice(0, 1, { path: '/graphql', kind: 'status', status: 200, responseBody: lost });
  await assert.rejects(
    still.wiz.listAssets(everythingIn('111122223333', 'us-east-1')),
    /hasNextPage without endCursor/,
  );
});

test('check says what is visible', async () => {
  assert.match(await wiz.check(), /^\d+ resources visible at 127\.0\.0\.1/);
});
