import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import type { SeededAsset } from '../../../sandbox/estate/types.ts';
import { type Rig, refOf, startRig } from './rig.ts';

let rig: Rig;
let assets: readonly SeededAsset[];

before(async () => {
  const estate = buildEstate({ seed: 7, clouds: ['gcp'] });
  assets = estate.assets.filter((a) => a.resourceType.includes('googleapis.com'));
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
      assert.equal(facts.deletionProtection, asset.instance?.deletionProtection ?? false);
      assert.equal(facts.architecture, 'x86_64');
      assert.ok(facts.volumes.length >= 1 && facts.volumes.every((v) => v.sizeGiB > 0 && v.volumeType !== 'unknown'));
    }
    if (facts.kind === 'volume') {
      assert.equal(facts.sizeGiB, asset.volume?.sizeGiB);
      assert.equal(facts.volumeType, asset.volume?.volumeType);
      assert.equal(facts.state === 'available', asset.volume?.attachedTo === undefined, asset.name);
    }
    if (facts.kind === 'address')
      assert.equal(facts.state === 'unassociated', asset.address?.attachedTo === undefined, asset.name);
    if (facts.kind === 'database') {
      assert.equal(facts.instanceClass, asset.database?.instanceClass);
      assert.equal(facts.storageGiB, asset.database?.storageGiB);
      assert.equal(facts.engine, 'postgres');
    }
  }
});

test('a sweep of 1,000 assets costs few requests', async (t) => {
  const many = Array.from({ length: 1000 }, (_, i) => refOf(assets[i % assets.length] as SeededAsset));
  const fresh = await startRig([], { estate: buildEstate({ seed: 7, clouds: ['gcp'] }) });
  for (let i = 0; i < many.length; i += 200) await fresh.reader.describe(many.slice(i, i + 200));
  const requests = fresh.simulator.journal.entries().length;
  t.diagnostic(`describe: ${requests} requests for 1,000 assets of 2 projects in pages of 200`);
  await fresh.stop();
  assert.ok(requests < 60);
});

test('what one machine is member of is known before anybody touches it', async () => {
  const grouped = assets.find((a) => a.instance?.scalingGroup);
  const plain = assets.find((a) => a.archetype === 'idle' && a.instance);
  assert.ok(grouped && plain);
  const pool = `//compute.googleapis.com/projects/${plain.accountId}/regions/${plain.region}/targetPools/web`;
  rig.gcp.groups.set(plain.assetKey, [pool]);
  const facts = await rig.reader.describeOne(refOf(plain));
  assert.ok(facts?.kind === 'instance');
  assert.deepEqual(facts.backendGroupIds, [pool]);
  const member = await rig.reader.describeOne(refOf(grouped));
  assert.ok(member?.kind === 'instance');
  assert.match(member.scalingGroup ?? '', /instanceGroupManagers/);
  rig.gcp.groups.clear();
});

test('few assets are read one by one', async () => {
  const [one] = assets.filter((a) => a.volume);
  assert.ok(one);
  rig.simulator.journal.clear();
  const { facts: found } = await rig.reader.describe([refOf(one)]);
  assert.equal(found.size, 1);
  const [entry, ...more] = rig.simulator.journal.entries();
  assert.equal(more.length, 0);
  assert.equal(entry?.path, one.assetKey.replace('//compute.googleapis.com', '/compute/v1'));
});

test('what is gone is absent, and never an error', async () => {
  for (const asset of ['instance', 'volume', 'address', 'database'] as const) {
    const ghost = refOf(assets.find((a) => a[asset]) as SeededAsset);
    const assetKey = ghost.assetKey.replace(/[^/]+$/, 'never-there');
    assert.equal(await rig.reader.describeOne({ ...ghost, assetKey, resourceId: assetKey }), null, asset);
  }
});

test('the creator comes from the audit log', async () => {
  const made = assets.find((a) => a.createdBy !== null && a.createdDaysAgo < 300);
  const unknown = assets.find((a) => a.createdBy === null);
  assert.ok(made);
  assert.equal((await rig.reader.history(refOf(made))).creator, `${made.createdBy}@acme.example`);
  if (unknown) assert.equal((await rig.reader.history(refOf(unknown))).creator, null);
});

test('who labelled it comes from the audit log', async () => {
  const made = assets.find((a) => a.createdBy !== null && a.createdDaysAgo < 300) ?? assert.fail('a young one');
  rig.gcp.world.change({ do: 'retag', resourceId: made.assetKey, key: 'x', value: 'y', by: 'ana@acme.example' });
  assert.deepEqual((await rig.reader.history(refOf(made))).tagSetters?.toSorted(), [
    'ana@acme.example',
    `${made.createdBy}@acme.example`,
  ]);
});

test('a status that is not known is refused by name, never guessed', async () => {
  const [asset] = assets.filter((a) => a.instance);
  assert.ok(asset);
  const { compute } = rig.clients.reading(asset.accountId);
  const real = await compute.instances.get({
    project: asset.accountId,
    zone: `${asset.region}-b`,
    instance: asset.name,
  });
  const odd = JSON.stringify({ ...(real.data as object), status: 'LEVITATING' });
  rig.simulator.faults.push({
    path: `/instances/${asset.name}`,
    times: 1,
    kind: 'status',
    status: 200,
    responseBody: odd,
  });
  await assert.rejects(
    rig.reader.describeOne(refOf(asset)),
    (error: unknown) => isProviderError(error, 'malformed') && /LEVITATING/.test(error.message),
  );
});

test('a zone that could not be read costs its own assets, which are not called gone', async () => {
  const many = assets.filter((a) => a.volume && a.accountId === assets[0]?.accountId).slice(0, 6);
  assert.ok(many.length > 3);
  const items = { 'zones/europe-west1-b': { warning: { code: 'UNREACHABLE', message: 'down' } } };
  rig.simulator.faults.push({
    path: '/aggregated/disks',
    times: 1,
    kind: 'status',
    status: 200,
    responseBody: JSON.stringify({ items }),
  });
  const fresh = await startRig([], { estate: buildEstate({ seed: 7, clouds: ['gcp'] }) });
  fresh.simulator.faults.push(...rig.simulator.faults.splice(0));
  const { facts, rejected } = await fresh.reader.describe(many.map(refOf));
  assert.equal(facts.size, 0);
  const there = many.filter((a) => a.assetKey.includes('/europe-west1-b/')).map((a) => a.assetKey);
  assert.ok(there.length > 0);
  assert.deepEqual(rejected.map((row) => row.assetKey ?? '').sort(), there.sort());
  assert.ok(rejected.every((row) => row.field === 'unreachables' && row.found === 'europe-west1-b'));
  await fresh.stop();
});

test('errors come out as what the caller must do', async () => {
  const [asset] = assets.filter((a) => a.instance);
  assert.ok(asset);
  const fails = async (fault: Parameters<typeof rig.simulator.faults.push>[0], kind: string) => {
    rig.simulator.faults.push({ path: `/instances/${asset.name}`, times: 1, ...fault });
    // What one asset says of itself costs a sweep that asset only; asked for by itself it is the answer that is malformed.
    const look = kind === 'malformed' ? rig.reader.describeOne(refOf(asset)) : rig.reader.describe([refOf(asset)]);
    await assert.rejects(look, (error: unknown) => {
      assert.ok(isProviderError(error), String(error));
      assert.equal(error.kind, kind, error.message);
      return true;
    });
  };
  await fails({ kind: 'rate-limited', retryAfter: 17 }, 'retry-after');
  const refusal = (code: number, reason: string) =>
    JSON.stringify({ error: { code, message: 'Rate Limit Exceeded', errors: [{ reason, domain: 'usageLimits' }] } });
  // Compute Engine's own word for too much is a 403. A new token is asked for after a 401 only, so it is asked once.
  const limited = refusal(403, 'rateLimitExceeded');
  await fails({ kind: 'status', status: 403, responseBody: limited }, 'retry-after');
  await fails({ kind: 'status', status: 503 }, 'unavailable');
  await fails({ kind: 'reset-before-answer' }, 'unavailable');
  await fails({ kind: 'html-error', status: 200 }, 'malformed');
  await fails({ kind: 'truncated-json' }, 'malformed');
  rig.gcp.deny('compute.instances.get');
  await assert.rejects(
    rig.reader.describe([refOf(asset)]),
    (error: unknown) => isProviderError(error, 'unauthorised') && /compute\.instances\.get/.test(error.message),
  );
  rig.gcp.deny('compute.instances.get', false);
});

test('a token that ended early is renewed once', async () => {
  await rig.reader.check();
  const before = rig.gcp.tokens().length;
  rig.gcp.expireTokens();
  assert.match(await rig.reader.check(), /calls answered in 2 place/);
  assert.equal(rig.gcp.tokens().length, before + 1);
});

test('doctor tries every list of a sweep, and names each that is refused, where, and how to mend it', async () => {
  for (const permission of ['compute.disks.list', 'cloudsql.instances.list']) rig.gcp.deny(permission);
  await assert.rejects(rig.reader.check(), (error: unknown) => {
    assert.ok(isProviderError(error, 'unauthorised'));
    assert.match(error.message, /4 of 14 calls failed/);
    assert.match(error.message, /compute\.disks\.list in .*cloudsql\.instances\.list in /);
    assert.match(error.message, /mend it: give the service account/);
    return true;
  });
  for (const permission of ['compute.disks.list', 'cloudsql.instances.list']) rig.gcp.deny(permission, false);
  await rig.reader.check();
});
