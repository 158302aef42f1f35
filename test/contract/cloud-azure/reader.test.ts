import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import type { SeededAsset } from '../../../sandbox/estate/types.ts';
import { type Rig, refOf, startRig } from './rig.ts';

let rig: Rig;
let assets: readonly SeededAsset[];

before(async () => {
  const estate = buildEstate({ seed: 7, clouds: ['azure'] });
  assets = estate.assets.filter((a) => a.resourceType.startsWith('Microsoft.'));
  rig = await startRig([], { estate, pageRows: 7 });
});
after(() => rig.stop());

test('the whole estate is read, page by page, and every fact is what the labels say', async (t) => {
  rig.simulator.journal.clear();
  const { facts: found } = await rig.reader.describe(assets.map(refOf));
  const requests = rig.simulator.journal.entries().filter((e) => !e.path.endsWith('/token')).length;
  t.diagnostic(`${requests} requests for ${assets.length} assets at 7 rows a page`);
  assert.ok(assets.length > 40);
  for (const asset of assets) {
    const facts = found.get(asset.assetKey);
    assert.ok(facts, asset.name);
    assert.equal(facts.region, asset.region);
    assert.deepEqual(facts.tags, asset.tags);
    if (facts.kind === 'instance') {
      assert.equal(facts.state, asset.instance?.stopped ? 'stopped' : 'running', asset.name);
      assert.equal(facts.instanceType, asset.instance?.instanceType);
      assert.equal(facts.scalingGroup !== null, asset.instance?.scalingGroup !== undefined);
      assert.equal(facts.deletionProtection, null, 'not read in a sweep');
      assert.equal(facts.architecture, 'x86_64');
      assert.ok(facts.volumes.length >= 1 && facts.volumes.every((v) => v.sizeGiB > 0), asset.name);
    }
    if (facts.kind === 'volume') {
      assert.equal(facts.sizeGiB, asset.volume?.sizeGiB);
      assert.equal(facts.volumeType, asset.volume?.volumeType);
      assert.equal(facts.state === 'available', asset.volume?.attachedTo === undefined, asset.name);
    }
    if (facts.kind === 'address')
      assert.equal(facts.state === 'unassociated', asset.address?.attachedTo === undefined, asset.name);
    if (facts.kind === 'load-balancer')
      assert.equal(facts.registeredTargets, asset.loadBalancer?.targets.length, asset.name);
    if (facts.kind === 'database') {
      assert.equal(facts.instanceClass, asset.database?.instanceClass);
      assert.equal(facts.storageGiB, asset.database?.storageGiB);
    }
  }
});

test('a sweep of 1,000 assets costs few requests', async (t) => {
  rig.simulator.journal.clear();
  const many = Array.from({ length: 1000 }, (_, i) => refOf(assets[i % assets.length] as SeededAsset));
  for (let i = 0; i < many.length; i += 200) await rig.reader.describe(many.slice(i, i + 200));
  const requests = rig.simulator.journal.entries().length;
  t.diagnostic(
    `describe: ${requests} requests for 1,000 assets of 2 subscriptions in pages of 200, 7 rows to an answer`,
  );
  assert.ok(requests < 1000);
});

test('one asset is read in full, locks included', async () => {
  const locked = assets.find((a) => a.instance?.deletionProtection);
  const plain = assets.find((a) => a.archetype === 'idle' && a.instance && !a.instance.publicIp);
  assert.ok(locked && plain);
  const facts = await rig.reader.describeOne(refOf(locked));
  assert.ok(facts?.kind === 'instance');
  assert.equal(facts.deletionProtection, true);
  assert.equal(facts.stopProtection, false);
  const other = await rig.reader.describeOne(refOf(plain));
  assert.ok(other?.kind === 'instance');
  assert.equal(other.deletionProtection, false);
});

test('few assets are read one by one', async () => {
  const [one] = assets.filter((a) => a.volume);
  assert.ok(one);
  rig.simulator.journal.clear();
  const { facts: found } = await rig.reader.describe([refOf(one)]);
  assert.equal(found.size, 1);
  assert.deepEqual(
    rig.simulator.journal.entries().map((e) => e.path.toLowerCase()),
    [one.assetKey],
  );
});

test('what is gone is absent, and never an error', async () => {
  const ghost = { ...refOf(assets[0] as SeededAsset) };
  const assetKey = ghost.assetKey.replace(/[^/]+$/, 'never-there');
  assert.equal(await rig.reader.describeOne({ ...ghost, assetKey, resourceId: assetKey }), null);
});

test('the creator comes from the activity log while that remembers', async () => {
  const young = assets.find((a) => a.createdBy !== null && a.createdDaysAgo < 89);
  const old = assets.find((a) => a.createdBy !== null && a.createdDaysAgo > 100);
  if (young) assert.equal((await rig.reader.history(refOf(young))).creator, `${young.createdBy}@acme.example`);
  if (old) assert.equal((await rig.reader.history(refOf(old))).creator, null);
  assert.ok(young || old);
});

test('who tagged it comes from the activity log: of the resource, and of the tags API', async () => {
  const old = assets.find((a) => a.createdDaysAgo > 100) ?? assert.fail('an old one');
  assert.deepEqual((await rig.reader.history(refOf(old))).tagSetters, []);
  rig.azure.world.change({ do: 'retag', resourceId: old.assetKey, key: 'x', value: 'y', by: 'ana@acme.example' });
  assert.deepEqual((await rig.reader.history(refOf(old))).tagSetters, ['ana@acme.example']);
});

test('a power state that is not known is refused by name, never guessed', async () => {
  const [asset] = assets.filter((a) => a.instance);
  assert.ok(asset);
  const real = await rig.clients
    .reading(asset.accountId)
    .arm.get(`${asset.assetKey}?api-version=2026-03-01&$expand=instanceView`, 'test');
  const odd = JSON.stringify(real).replace(/PowerState\/\w+/, 'PowerState/levitating');
  rig.simulator.faults.push({ path: asset.name, times: 1, kind: 'status', status: 200, responseBody: odd });
  await assert.rejects(
    rig.reader.describeOne(refOf(asset)),
    (error: unknown) => isProviderError(error, 'malformed') && /levitating/.test(error.message),
  );
});

test('in a sweep a row that cannot be read is named with its reason, and the others are there', async () => {
  const [one, two, ...rest] = assets.filter((a) => a.instance && a.accountId === assets[0]?.accountId).slice(0, 3);
  assert.ok(one && two);
  const real = await rig.clients
    .reading(one.accountId)
    .arm.get(`${one.assetKey}?api-version=2026-03-01&$expand=instanceView`, 'test');
  const odd = JSON.stringify(real).replace(/PowerState\/\w+/, 'PowerState/levitating');
  rig.simulator.faults.push({ path: `/${one.name}`, times: 1, kind: 'status', status: 200, responseBody: odd });
  const { facts: found, rejected } = await rig.reader.describe([one, two, ...rest].map(refOf));
  assert.equal(found.has(one.assetKey), false);
  assert.equal(found.has(two.assetKey), true);
  const [only, ...more] = rejected;
  assert.deepEqual(more, []);
  assert.equal(only?.assetKey, one.assetKey);
  assert.equal(only.operation, 'Microsoft.Compute/virtualMachines/read');
  assert.match(only.found, /levitating/);
});

test('a list that is forbidden costs the assets in it, who are named with the missing permission', async () => {
  const own = assets.filter((a) => a.accountId === assets[0]?.accountId);
  const machines = own.filter((a) => a.instance).slice(0, 2);
  const disks = own.filter((a) => a.volume).slice(0, 2);
  rig.azure.deny('Microsoft.Compute/virtualMachines/read');
  const { facts, rejected } = await rig.reader.describe([...machines, ...disks].map(refOf));
  rig.azure.deny('Microsoft.Compute/virtualMachines/read', false);
  assert.deepEqual([...facts.keys()].sort(), disks.map((a) => a.assetKey).sort());
  assert.deepEqual(rejected.map((row) => row.assetKey ?? '').sort(), machines.map((a) => a.assetKey).sort());
  assert.match(rejected[0]?.found ?? '', /virtualmachines\/read/i);
});

test('a machine with a disk that cannot be read is one whose disks are not known, and is not deleted', async () => {
  const asset = assets.find((a) => a.archetype === 'idle' && a.instance);
  assert.ok(asset);
  rig.azure.deny('Microsoft.Compute/disks/read');
  await assert.rejects(rig.reader.describeOne(refOf(asset)), (error: unknown) =>
    isProviderError(error, 'unauthorised'),
  );
  rig.azure.deny('Microsoft.Compute/disks/read', false);
  const row = await rig.clients.reading(asset.accountId).compute.disks.get('rg-acme', `${asset.name}-os`);
  assert.ok(row.diskSizeGB);
  rig.simulator.faults.push({
    path: `/disks/${asset.name}-os`,
    times: 1,
    kind: 'status',
    status: 404,
    responseBody: JSON.stringify({ error: { code: 'ResourceNotFound', message: 'gone' } }),
  });
  const facts = await rig.reader.describeOne(refOf(asset));
  assert.ok(facts?.kind === 'instance');
  assert.deepEqual(facts.volumes, []);
});

test('errors come out as what the caller must do', async () => {
  const [asset] = assets.filter((a) => a.instance);
  assert.ok(asset);
  const fails = async (fault: Parameters<typeof rig.simulator.faults.push>[0], kind: string, more = /./) => {
    rig.simulator.faults.push({ path: asset.name, times: 1, ...fault });
    // What one asset says of itself costs a sweep that asset only; asked for by itself it is the answer that is malformed.
    const look = kind === 'malformed' ? rig.reader.describeOne(refOf(asset)) : rig.reader.describe([refOf(asset)]);
    await assert.rejects(look, (error: unknown) => {
      assert.ok(isProviderError(error), String(error));
      assert.equal(error.kind, kind);
      assert.match(error.message, more);
      return true;
    });
  };
  await fails({ kind: 'rate-limited', retryAfter: 17 }, 'retry-after');
  await fails({ kind: 'status', status: 503 }, 'unavailable');
  await fails({ kind: 'reset-before-answer' }, 'unavailable');
  await fails({ kind: 'html-error', status: 200 }, 'malformed');
  await fails({ kind: 'truncated-json' }, 'malformed');
  rig.azure.deny('Microsoft.Compute/virtualMachines/read');
  await assert.rejects(
    rig.reader.describe([refOf(asset)]),
    (error: unknown) => isProviderError(error, 'unauthorised') && /virtualmachines\/read/i.test(error.message),
  );
  rig.azure.deny('Microsoft.Compute/virtualMachines/read', false);
});

test('a token that ended early is renewed once', async () => {
  await rig.reader.check();
  const before = rig.azure.tokens().length;
  rig.azure.expireTokens();
  assert.match(await rig.reader.check(), /calls answered in 2 place/);
  assert.equal(rig.azure.tokens().length, before + 1);
});

test('doctor tries every list of a sweep, and names each that is refused, where, and how to mend it', async () => {
  rig.azure.deny('Microsoft.Network/networkInterfaces/read');
  rig.azure.deny('Microsoft.Insights/eventtypes/values/read');
  await assert.rejects(rig.reader.check(), (error: unknown) => {
    assert.ok(isProviderError(error, 'unauthorised'));
    assert.match(error.message, /4 of 20 calls failed/);
    assert.match(error.message, /Microsoft\.Network\/networkInterfaces\/read in /);
    assert.match(error.message, /Microsoft\.Insights\/eventtypes\/values\/read in /);
    assert.match(error.message, /mend it: give the identity the role Reader/);
    return true;
  });
  rig.azure.deny('Microsoft.Network/networkInterfaces/read', false);
  rig.azure.deny('Microsoft.Insights/eventtypes/values/read', false);
  assert.match(await rig.reader.check(), /not proved: Microsoft\.Sql\/locations\/instanceFailoverGroups\/read/);
});
