import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { buildScaleEstate } from '../../../sandbox/estate/scale.ts';
import { InventoryAsset } from '../../../schemas/asset.ts';
import { everythingIn, find, PROJECT, readAll, SUBSCRIPTION, startPrisma } from './prisma-harness.ts';

const site = await startPrisma();
const { prisma, estate, simulator } = site;
const PLACES = [
  ['111122223333', 'us-east-1'],
  ['111122223333', 'eu-west-1'],
  ['444455556666', 'us-east-1'],
  ['444455556666', 'eu-west-1'],
  [SUBSCRIPTION, 'westeurope'],
  [PROJECT, 'europe-west1'],
] as const;

test('every seeded asset of three clouds is found once per partition by its key, through small, short and repeating pages', async () => {
  let duplicates = 0;
  for (const [accountId, region] of PLACES) {
    const pages = await readAll(prisma, everythingIn(accountId, region, 5));
    const rows = pages.flatMap((p) => p.assets);
    const keys = new Set(rows.map((a) => a.assetKey));
    duplicates += rows.length - keys.size;
    const seeded = estate.assets.filter((a) => a.accountId === accountId && a.region === region).map((a) => a.assetKey);
    assert.deepEqual([...keys].sort(), seeded.sort());
    for (const row of rows) assert.deepEqual(InventoryAsset.parse(row), row);
    assert.ok(pages.some((p) => p.nextCursor !== null && p.assets.length + p.rejected.length < 5));
  }
  assert.ok(duplicates > 0, 'the simulator repeated a row across pages');
});

test('keys are those of each cloud: ARN, resource id in lower case, full resource name', async () => {
  assert.match((await find(site, 'report-idle-1')).assetKey, /^arn:aws:ec2:us-east-1:111122223333:instance\/i-/);
  const azure = await find(site, 'az-vm');
  assert.equal(azure.assetKey, azure.assetKey.toLowerCase());
  assert.match(azure.assetKey, /\/providers\/microsoft\.compute\/virtualmachines\/az-vm$/);
  const google = await find(site, 'gc-vm');
  assert.equal(google.assetKey, `//compute.googleapis.com/projects/${PROJECT}/zones/europe-west1-b/instances/gc-vm`);
  assert.equal(google.region, 'europe-west1');
  assert.equal((await find(site, 'gc-sql')).assetKey, `//cloudsql.googleapis.com/projects/${PROJECT}/instances/gc-sql`);
});

test('each query names the cloud, the configuration, and account and region by their names', async () => {
  simulator.journal.clear();
  await readAll(prisma, { ...everythingIn('111122223333', 'us-east-1'), resourceTypes: ['AWS::EC2::EIP'] });
  const body = JSON.parse(site.sent(/^\/search\/config$/)[0]?.body ?? '{}') as { query: string };
  assert.equal(
    body.query,
    "config from cloud.resource where cloud.type = 'aws' AND api.name = 'aws-ec2-elastic-address' AND cloud.account = 'acme-prod' AND cloud.region = 'AWS Virginia' AND resource.status = Active",
  );
});

test('a region whose name is not known is read with the account and sorted out here; a configured name narrows it', async () => {
  const query = { ...everythingIn('111122223333', 'eu-west-1'), resourceTypes: ['AWS::EC2::Instance' as const] };
  const named = (await readAll(prisma, query)).flatMap((p) => p.assets.map((a) => a.assetKey)).sort();
  const wide = await startPrisma({ config: { regionNames: { 'eu-west-1': 'AWS Atlantis' } } });
  assert.deepEqual(
    (await readAll(wide.prisma, query)).flatMap((p) => p.assets),
    [],
    'a wrong name finds nothing',
  );
  const azure = await readAll(prisma, everythingIn(SUBSCRIPTION, 'westeurope'));
  assert.ok(azure.flatMap((p) => p.assets).length > 5);
  assert.ok(!/cloud\.region/.test(site.sent(/^\/search\/config$/).at(-1)?.body ?? ''));
  assert.deepEqual(await readAll(prisma, everythingIn(SUBSCRIPTION, 'northeurope')).then(count), 0);
  assert.ok(named.length > 5);
});
const count = (pages: readonly { assets: readonly unknown[]; rejected: readonly unknown[] }[]) =>
  pages.reduce((sum, p) => sum + p.assets.length + p.rejected.length, 0);

test('broken rows are rejected with field, what was found and the fix; the rows beside them live', async () => {
  const prod = await readAll(prisma, everythingIn('111122223333', 'us-east-1', 500));
  const lab = await readAll(prisma, everythingIn('444455556666', 'eu-west-1', 500));
  const rejected = [...prod, ...lab].flatMap((p) => p.rejected);
  assert.deepEqual(rejected.map((r) => `${r.field} ${r.found}`).sort(), [
    'data "vol-0a1"',
    'data null',
    'insertTs "yesterday"',
    'name 42',
    'rrn null',
    'tags "half a tag"',
  ]);
  for (const r of rejected) assert.ok(r.fix.length > 10 && r.rowId, JSON.stringify(r));
  assert.ok(prod.flatMap((p) => p.assets).length > 30);
});

test('tags, states, ages and attributes are those of the estate; what a page does not say is null', async () => {
  const row = await find(site, 'edge-kev-1');
  assert.equal(row.tags['owner'], 'dev@acme.example');
  assert.equal(row.status, 'active');
  assert.equal(row.internetExposed, null);
  assert.equal(row.criticalIssues, null);
  assert.equal(row.attributes?.['state.name'], 'running');
  assert.equal((await find(site, 'old-db-data')).status, 'inactive');
  assert.equal((await find(site, 'old-vpn-ip')).status, 'inactive');
  const google = await find(site, 'gc-vm');
  assert.deepEqual(google.tags, { owner: 'dev@acme.example', environment: 'staging' }, 'labels, not network tags');
  const azure = await find(site, 'az-vm');
  assert.equal(azure.attributes?.['properties.hardwareProfile.vmSize'], 'small');
  assert.equal((await find(site, 'az-vm-stopped')).status, 'inactive');
  const days = (Date.now() - Date.parse((await find(site, 'fresh-1')).createdAt ?? '')) / 86_400_000;
  assert.ok(days > 2.9 && days < 3.1);
});

test('a type the tenant has no name for, and types of other clouds, are not asked for', async () => {
  const small = await startPrisma({ config: { apiNames: { 'AWS::EC2::Volume': null } } });
  const query = everythingIn('111122223333', 'us-east-1', 500);
  const types = new Set((await readAll(small.prisma, query)).flatMap((p) => p.assets.map((a) => a.resourceType)));
  assert.ok(types.has('AWS::EC2::Instance') && !types.has('AWS::EC2::Volume'));
  const none = await small.prisma.listAssets({ ...query, resourceTypes: ['AWS::EC2::Volume'] });
  assert.deepEqual(none, { assets: [], rejected: [], nextCursor: null, totalCount: 0 });
  assert.ok(!small.sent(/search/).some((e) => /azure|gcloud|describe-volumes/.test(e.body)));
});

test('a name that the platform refuses costs its own type, is named, and the types beside it are read', async () => {
  const name = 'aws-ec2-describe-volumez';
  const wrong = await startPrisma({ unknownApiNames: [name], config: { apiNames: { 'AWS::EC2::Volume': name } } });
  const pages = await readAll(wrong.prisma, everythingIn('111122223333', 'us-east-1', 500));
  const types = new Set(pages.flatMap((p) => p.assets.map((a) => a.resourceType)));
  assert.ok(types.has('AWS::EC2::Instance') && !types.has('AWS::EC2::Volume'));
  const [refused, ...more] = pages.flatMap((p) => p.rejected).filter((r) => r.field === 'api.name');
  assert.deepEqual([refused?.found, refused?.rowId, more.length], ['aws-ec2-describe-volumez', 'AWS::EC2::Volume', 0]);
  assert.match(refused?.fix ?? '', /cnapp\.prisma\.apiNames/);
});

test('a cursor that is not ours, of another list, or that the platform refuses, is terminal', async () => {
  const query = { ...everythingIn('111122223333', 'us-east-1'), resourceTypes: ['AWS::EC2::Instance' as const] };
  for (const cursor of ['garbage', '2|AWS::EC2::Volume|', '2|AWS::EC2::Instance|garbage'])
    await assert.rejects(prisma.listAssets({ ...query, cursor }), (e) => isProviderError(e, 'terminal'), cursor);
});

test('more than 1,000 rows are never asked for', async () => {
  await prisma.listAssets(everythingIn('111122223333', 'us-east-1', 50_000));
  assert.equal((JSON.parse(site.sent(/^\/search\/config$/).at(-1)?.body ?? '{}') as { limit: number }).limit, 1000);
});

test('a list that never ends, or a page token that stands still, is stopped; so is one the platform cuts off unsaid', async () => {
  const endless = await startPrisma({ client: { maxPages: 3 } });
  await assert.rejects(readAll(endless.prisma, everythingIn('111122223333', 'us-east-1', 2)), /more than 3 pages/);
  const answer = (nextPageToken: string, totalRows: number) =>
    JSON.stringify({ data: { items: [], nextPageToken, totalRows }, items: [], nextPageToken, totalRows });
  const still = await startPrisma();
  still.simulator.faults.push({ path: '/search/', kind: 'status', status: 200, responseBody: answer('same', 1) });
  await assert.rejects(
    readAll(still.prisma, everythingIn('111122223333', 'us-east-1')),
    (e) => isProviderError(e, 'malformed') && /does not advance/.test(e.message),
  );
  still.simulator.faults.splice(0, 1, { path: '/search/', kind: 'status', status: 200, responseBody: answer('', 1e5) });
  const cut = await still.prisma.listAssets(everythingIn('111122223333', 'us-east-1'));
  assert.deepEqual(
    cut.rejected.map((r) => [r.field, r.found]),
    [['totalRows', '100000']],
  );
});

test('other types are known by the one ARN of their configuration; two of a type are no identity', async () => {
  const other = await startPrisma();
  const row = (name: string, data: object) => ({
    id: name,
    name,
    rrn: `rrn::${name}`,
    accountId: '111122223333',
    regionId: 'us-east-1',
    data,
  });
  const arn = (name: string) => `arn:aws:rds:us-east-1:111122223333:snapshot:${name}`;
  const items = [
    row('one', { snapshot: { dbsnapshotArn: arn('one'), kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/k' } }),
    row('two', { snapshot: { dbsnapshotArn: arn('two'), sourceDbsnapshotArn: arn('one') } }),
    row('none', { snapshot: {} }),
  ];
  other.simulator.faults.push({
    path: '/search/config',
    kind: 'status',
    status: 200,
    responseBody: JSON.stringify({ data: { items } }),
  });
  const query = { ...everythingIn('111122223333', 'us-east-1'), resourceTypes: ['AWS::RDS::DBSnapshot' as const] };
  const page = await other.prisma.listAssets(query);
  assert.deepEqual(
    page.assets.map((a) => a.assetKey),
    [arn('one')],
  );
  assert.deepEqual(
    page.rejected.map((r) => [r.field, r.rowId]),
    [
      ['data', 'two'],
      ['data', 'none'],
    ],
  );
});

test('an account that is not visible is an error, not an empty inventory', async () => {
  await assert.rejects(
    prisma.listAssets(everythingIn('999999999999', 'us-east-1')),
    (e) => isProviderError(e, 'unauthorised') && /999999999999 is not visible/.test(e.message),
  );
});

test('check says what is visible, and names the permission when nothing may be read', async () => {
  assert.match(await prisma.check(), /^4 cloud accounts visible at 127\.0\.0\.1/);
  const refused = await startPrisma();
  refused.simulator.prisma.deny('/cloud/name');
  await assert.rejects(
    refused.prisma.check(),
    (e) => isProviderError(e, 'unauthorised') && /permission_error.*view for cloud accounts/.test(e.message),
  );
});

test('requests for an inventory of 1,000 assets', async (t) => {
  const large = await startPrisma({ estate: buildScaleEstate(1000), malformedRows: false, untidyPages: false });
  const query = { ...everythingIn('111122223333', 'us-east-1', 200), resourceTypes: ['AWS::EC2::Instance' as const] };
  const rows = (await readAll(large.prisma, query)).flatMap((p) => p.assets);
  assert.equal(rows.length, 1000);
  const requests = large.simulator.journal.entries().length;
  assert.equal(requests, 7, 'login, account names and five pages of 200');
  t.diagnostic(`inventory of 1,000 assets in pages of 200: ${requests} requests`);
});
