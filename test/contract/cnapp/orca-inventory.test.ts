import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refOfValues } from '../../../providers/cnapp/orca/asset-key.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { buildScaleEstate } from '../../../sandbox/estate/scale.ts';
import { InventoryAsset } from '../../../schemas/asset.ts';
import { EU, everythingIn, find, LAB_AZURE, LAB_GCP, readAll, startOrca, US } from './orca-helpers.ts';

const { orca, estate, requests } = await startOrca();
const PLACES = [US, EU, ['444455556666', 'us-east-1'], ['444455556666', 'eu-west-1'], LAB_AZURE, LAB_GCP] as const;

test('every seeded asset of the three clouds is found by its key, through small, short and moving pages', async () => {
  let duplicates = 0;
  let short = 0;
  for (const [accountId, region] of PLACES) {
    const pages = await readAll(orca, everythingIn(accountId, region, 7));
    const rows = pages.flatMap((p) => p.assets);
    const keys = new Set(rows.map((a) => a.assetKey));
    duplicates += rows.length - keys.size;
    short += pages.filter((p) => p.nextCursor !== null && p.assets.length + p.rejected.length < 7).length;
    const seeded = estate.assets.filter((a) => a.accountId === accountId && a.region === region).map((a) => a.assetKey);
    assert.deepEqual([...keys].sort(), seeded.sort(), `${accountId} ${region}`);
    for (const row of rows) assert.deepEqual(InventoryAsset.parse(row), row);
  }
  assert.ok(duplicates > 0, 'the simulator repeated a row across pages');
  assert.ok(short > 0, 'a short page that is not the last');
});

test('broken rows are rejected with field, what was found and the fix; the rows beside them live', async () => {
  const pages = [
    ...(await readAll(orca, everythingIn(...US))),
    ...(await readAll(orca, everythingIn('444455556666', 'eu-west-1'))),
  ];
  const rejected = pages.flatMap((p) => p.rejected);
  assert.deepEqual(rejected.map((r) => `${r.field} ${r.found}`).sort(), [
    'Arn or UiUniqueField or AssetVendorId "/subscriptions/0000/virtualMachines/foreign-id"',
    'Arn or UiUniqueField or AssetVendorId null',
    'CreationTime "yesterday"',
    'Tags "half a tag"',
    'assetUniqueId null',
  ]);
  for (const r of rejected) assert.ok(r.fix.length > 10 && r.rowId, JSON.stringify(r));
  assert.ok((pages[0]?.assets.length ?? 0) > 30);
});

test('status, tags, flags, ages and configuration are those of the estate; an unknown state word is "unknown"', async () => {
  assert.equal((await find(orca, 'devbox-2', ['444455556666', 'us-east-1'])).status, 'unknown');
  const kev = await find(orca, 'edge-kev-1', US);
  assert.equal(kev.internetExposed, true);
  assert.equal(kev.adminPrivileges, true);
  assert.equal(kev.sensitiveData, false);
  assert.equal(kev.criticalIssues, null, 'an inventory row does not count alerts: unknown, never zero');
  assert.equal(kev.tags['owner'], 'dev@acme.example');
  assert.equal(kev.status, 'active');
  assert.equal(
    kev.attributes?.['instanceType'],
    estate.assets.find((a) => a.name === 'edge-kev-1')?.instance?.instanceType,
  );
  assert.ok(!Object.keys(kev.attributes ?? {}).some((key) => key.startsWith('tags')));
  const disk = await find(orca, 'old-db-data', US);
  assert.equal(disk.status, 'inactive');
  assert.equal(typeof disk.attributes?.['volumeSize'], 'number');
  const address = await find(orca, 'old-vpn-ip', US);
  assert.match(address.assetKey, /^arn:aws:ec2:us-east-1:111122223333:elastic-ip\/eipalloc-/);
  assert.ok(address.createdAt, 'the first sighting stands in where Orca keeps no creation time');
  const days = (Date.now() - Date.parse((await find(orca, 'fresh-1', US)).createdAt ?? '')) / 86_400_000;
  assert.ok(days > 2.9 && days < 3.1);
  assert.equal((await find(orca, 'Lab-Vm-1', LAB_AZURE)).status, 'active');
});

test('Azure ids are compared in lower case, Google ids as full resource names, short ids of AWS completed', () => {
  const at = {
    resourceType: 'compute.googleapis.com/Instance',
    accountId: 'acme-lab-1',
    region: 'europe-west1',
  } as const;
  const key = '//compute.googleapis.com/projects/acme-lab-1/zones/europe-west1-b/instances/vm-1';
  for (const id of [
    key,
    key.replace('//compute.googleapis.com/', 'https://compute.googleapis.com/compute/v1/'),
    key.slice(25),
  ]) {
    const ref = refOfValues({ UiUniqueField: id }, ['Arn', 'UiUniqueField'], at);
    assert.equal(ref?.assetKey, key, id);
    assert.equal(ref?.region, 'europe-west1');
  }
  const china = { resourceType: 'AWS::EC2::Volume', accountId: '111122223333', region: 'cn-north-1' } as const;
  assert.equal(
    refOfValues({ UiUniqueField: 'vol-0a' }, ['UiUniqueField'], china)?.assetKey,
    'arn:aws-cn:ec2:cn-north-1:111122223333:volume/vol-0a',
  );
  assert.equal(refOfValues({ UiUniqueField: 'vol-0a' }, ['UiUniqueField'], { ...china, accountId: null }), null);
  assert.equal(
    refOfValues({ Arn: 'arn:aws:ec2:us-east-1:111122223333:instance/i-0a' }, ['Arn'], china),
    null,
    'an id of another type than the row claims is not used',
  );
});

test('a row of another account, region or type than asked for is rejected, whatever the vendor filtered by', async () => {
  const arn = (region: string, account: string) => `arn:aws:ec2:${region}:${account}:instance/i-0a`;
  const row = (id: string, type: string, data: Record<string, unknown>) => ({
    id,
    name: id,
    type,
    asset_unique_id: id,
    data,
  });
  const data = [
    row('account', 'AwsEc2Instance', { Arn: { value: arn(US[1], '999988887777') } }),
    row('region', 'AwsEc2Instance', { Arn: { value: arn('eu-west-1', US[0]) } }),
    row('said', 'AwsEc2Instance', { Arn: { value: arn(US[1], US[0]) }, Region: { value: 'eu-west-1' } }),
    row('type', 'AwsIamRole', { Arn: { value: arn(US[1], US[0]) } }),
    row('good', 'AwsEc2Instance', { Arn: { value: arn(US[1], US[0]) }, Region: { value: US[1] } }),
  ];
  const strange = await startOrca();
  const responseBody = JSON.stringify({ status: 'success', data: [...data, 'text'], total_items: 6 });
  strange.simulator.faults.push({ path: '/serving-layer', kind: 'status', status: 200, responseBody, times: 1 });
  const page = await strange.orca.listAssets(everythingIn(...US));
  assert.deepEqual(
    page.assets.map((a) => a.vendorId),
    ['good'],
  );
  assert.deepEqual(
    page.rejected.map((r) => [r.rowId, r.field]),
    [
      ['account', 'Region'],
      ['region', 'Region'],
      ['said', 'Region'],
      ['type', 'type'],
      [null, 'row'],
    ],
  );
  assert.equal(page.assets[0]?.internetExposed, null, 'what is not said is not known');
  assert.equal(page.assets[0]?.createdAt, null);
});

test('only the types asked for are read, and only those this cloud can have', async () => {
  const page = await orca.listAssets({
    ...everythingIn(...US, 5000),
    resourceTypes: ['AWS::EC2::EIP', 'compute.googleapis.com/Disk'],
  });
  assert.deepEqual([...new Set(page.assets.map((a) => a.resourceType))], ['AWS::EC2::EIP']);
  const sent = JSON.parse(requests().at(-1)?.body ?? '{}') as { limit: number; query: { models: string[] } };
  assert.deepEqual(sent.query.models, ['AwsEc2ElasticIpAddress']);
  assert.equal(sent.limit, 1000);
  const none = await orca.listAssets({ ...everythingIn(...US), resourceTypes: ['AWS::Logs::LogGroup'] });
  assert.deepEqual(none, { assets: [], rejected: [], nextCursor: null, totalCount: 0 });
});

test('several partitions that learn of a refused model at once are all read', async () => {
  const odd = await startOrca({ unknownModels: ['AwsEc2Elbv2', 'AwsEc2ElasticIpAddress'] });
  const pages = await Promise.all(Array.from({ length: 6 }, () => odd.orca.listAssets(everythingIn(...US, 20))));
  for (const page of pages) assert.ok(page.assets.length > 0);
});

test('a model the tenant does not know is left out and reported once per partition; null in the settings is silent', async () => {
  const odd = await startOrca({ unknownModels: ['AwsEc2Elbv2'] });
  const pages = await readAll(odd.orca, everythingIn(...US, 20));
  assert.deepEqual(
    pages.flatMap((p) => p.rejected.filter((r) => r.field === 'model')).map((r) => r.found),
    ['"AwsEc2Elbv2"'],
  );
  const types = new Set(pages.flatMap((p) => p.assets).map((a) => a.resourceType));
  assert.ok(types.has('AWS::EC2::Instance') && !types.has('AWS::ElasticLoadBalancingV2::LoadBalancer'));
  assert.equal(odd.requests().filter((r) => r.status === 400).length, 1, 'the refused name is remembered');
  const quiet = await startOrca({
    unknownModels: ['AwsEc2Elbv2'],
    config: { models: { 'AWS::ElasticLoadBalancingV2::LoadBalancer': null } },
  });
  const silent = await readAll(quiet.orca, everythingIn(...US));
  assert.ok(!silent.flatMap((p) => p.rejected).some((r) => r.field === 'model'));
  assert.equal(quiet.requests().filter((r) => r.status === 400).length, 0);
});

test('a key that only sorts is dropped when it is unknown; a key that narrows is not: the answer would be wider', async () => {
  const unsorted = await startOrca({ unknownKeys: ['AssetUniqueId'] });
  assert.ok((await unsorted.orca.listAssets(everythingIn(...US))).assets.length > 30);
  const other = await startOrca({ names: { accountKey: 'AccountNumber' } });
  await assert.rejects(
    other.orca.listAssets(everythingIn(...US)),
    (e) => isProviderError(e, 'terminal') && /"CloudVendorId"/.test(e.message) && /cnapp\.orca/.test(e.message),
  );
  const named = await startOrca({ names: { accountKey: 'AccountNumber' }, config: { accountKey: 'AccountNumber' } });
  assert.ok((await named.orca.listAssets(everythingIn(...US))).assets.length > 30);
});

test('a partition beyond the window is read model by model; a model beyond it is reported, not hidden', async () => {
  const wide = await startOrca({ window: 25, untidyPages: false, client: { window: 25 } });
  const pages = await readAll(wide.orca, everythingIn(...US, 10));
  const read = new Set(pages.flatMap((p) => p.assets).map((a) => a.assetKey));
  const seeded = estate.assets.filter((a) => a.accountId === US[0] && a.region === US[1]);
  const instances = seeded.filter((a) => a.resourceType === 'AWS::EC2::Instance').length;
  assert.ok(instances > 25 && seeded.length - instances > 5);
  for (const asset of seeded)
    if (asset.resourceType !== 'AWS::EC2::Instance') assert.ok(read.has(asset.assetKey), asset.name);
  const hidden = pages.flatMap((p) => p.rejected).filter((r) => r.field === 'total_items');
  assert.equal(hidden.length, 1);
  assert.match(hidden[0]?.found ?? '', /AwsEc2Instance/);
});

test('a cursor that is not ours is refused, a list without end is stopped, one that ends early is read again', async () => {
  for (const cursor of ['garbage', '2.x.0', '2.*.-1'])
    await assert.rejects(
      orca.listAssets({ ...everythingIn(...US), cursor }),
      (e) => isProviderError(e, 'terminal'),
      cursor,
    );
  const endless = await startOrca({ client: { maxPages: 3 } });
  await assert.rejects(readAll(endless.orca, everythingIn(...US, 2)), /more than 3 pages/);
  const early = await startOrca();
  const responseBody = JSON.stringify({ status: 'success', data: [], total_items: 12 });
  early.simulator.faults.push({ path: '/serving-layer', kind: 'status', status: 200, responseBody, times: 1 });
  await assert.rejects(early.orca.listAssets(everythingIn(...US)), (e) => isProviderError(e, 'unavailable'));
});

test('check says what is visible, and names the right that is missing when nothing is', async () => {
  assert.match(await orca.check(), /^\d+ assets visible at 127\.0\.0\.1/);
  const blind = await startOrca({ estate: { ...estate, assets: [] }, malformedRows: false });
  await assert.rejects(blind.orca.check(), (e) => isProviderError(e, 'unauthorised') && /read assets/.test(e.message));
});

test('requests per 1,000 assets', async (t) => {
  const big = await startOrca({ estate: buildScaleEstate(1000), malformedRows: false, untidyPages: false });
  for (const pageSize of [200, 500]) {
    big.simulator.journal.clear();
    const pages = await readAll(big.orca, everythingIn(...US, pageSize));
    assert.equal(new Set(pages.flatMap((p) => p.assets).map((a) => a.assetKey)).size, 1000);
    assert.equal(big.requests().length, 1000 / pageSize);
    t.diagnostic(`${big.requests().length} requests for 1,000 assets at ${pageSize} rows a page`);
  }
});
