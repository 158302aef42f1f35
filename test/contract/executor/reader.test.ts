import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ACCOUNT, type Rig, startRig } from './rig.ts';
import { address, instance, loadBalancer, volume } from './seeds.ts';

let rig: Rig;

before(async () => {
  rig = await startRig([
    instance('web', { instanceType: 'm5.large', publicIp: true, extraVolumesGiB: [12] }),
    instance('worker', { instanceType: 'm5.large', scalingGroup: 'workers' }),
    instance('cluster', { instanceType: 'm5.large', tags: { 'kubernetes.io/cluster/blue': 'owned' } }),
    instance('asleep', { instanceType: 'm5d.large', stopped: true }),
    { ...instance('young'), createdDaysAgo: 20 },
    instance('doomed'),
    volume('disk'),
    address('ip', 'web'),
    address('spare'),
    loadBalancer('front', ['web']),
  ]);
});
after(() => rig.stop());

const ALL = ['web', 'worker', 'cluster', 'asleep', 'disk', 'ip', 'spare', 'front'];

test('one sweep page: everything there, what is gone absent, protections unread', async () => {
  await rig.aws.world({ do: 'terminate', resourceId: rig.ref('doomed').resourceId });
  const never = { ...rig.ref('web'), resourceId: 'i-0123456789abcdef0', assetKey: 'arn:never' };
  const badly = { ...rig.ref('web'), resourceId: 'not-an-id', assetKey: 'arn:badly' };
  const refs = [...ALL.map((name) => rig.ref(name)), rig.ref('doomed'), never, badly];
  const { facts: found } = await rig.reader.describe(refs);
  assert.deepEqual([...found.keys()].sort(), ALL.map((name) => rig.ref(name).assetKey).sort());
  const web = found.get(rig.ref('web').assetKey);
  assert.ok(web?.kind === 'instance');
  assert.equal(web.stopProtection, null);
  assert.deepEqual(
    web.volumes.map((v) => v.sizeGiB).sort((a, b) => a - b),
    [12, 20],
  );
  assert.equal(web.staticAddressId, rig.ref('ip').resourceId);
  assert.equal(web.backendGroupIds.length, 1);
});

test('a second page of the same region asks for addresses and target groups no more', async () => {
  await rig.reader.describe([rig.ref('web')]);
  const before = rig.aws.journal.entries().length;
  await rig.reader.describe([rig.ref('cluster')]);
  const asked = rig.aws.journal
    .entries()
    .slice(before)
    .map((e) => e.label ?? '');
  assert.equal(
    asked.some((label) => /DescribeAddresses|DescribeTargetGroups/.test(label)),
    false,
  );
  assert.equal(asked.length, 3);
});

test('one asset in full: protections, shutdown behaviour, membership, owner of its life cycle', async () => {
  const read = async (name: string) => {
    const facts = await rig.reader.describeOne(rig.ref(name));
    assert.ok(facts?.kind === 'instance');
    return facts;
  };
  const web = await read('web');
  assert.deepEqual([web.stopProtection, web.deletionProtection, web.shutdownBehavior], [false, false, 'stop']);
  assert.equal(web.localDisks, false);
  assert.equal((await read('worker')).scalingGroup, 'workers');
  assert.equal((await read('cluster')).managedBy, 'kubernetes');
  const asleep = await read('asleep');
  assert.equal(asleep.state, 'stopped');
  assert.equal(asleep.localDisks, true);
  assert.match(asleep.stoppedAt ?? '', /^\d{4}-\d\d-\d\dT/);
  assert.equal(await rig.reader.describeOne(rig.ref('doomed')), null);
});

test('volumes, addresses and load balancers', async () => {
  const disk = await rig.reader.describeOne(rig.ref('disk'));
  assert.ok(disk?.kind === 'volume');
  assert.deepEqual([disk.state, disk.sizeGiB, disk.volumeType], ['available', 30, 'gp3']);
  const [ip, spare] = await Promise.all(['ip', 'spare'].map((name) => rig.reader.describeOne(rig.ref(name))));
  assert.deepEqual([ip?.state, spare?.state], ['associated', 'unassociated']);
  const front = await rig.reader.describeOne(rig.ref('front'));
  assert.ok(front?.kind === 'load-balancer');
  assert.equal(front.registeredTargets, 1);
  assert.equal(front.listenerIds.length, 1);
  assert.equal(front.deletionProtection, false);
  assert.equal(front.tags['Name'], 'front');
});

test('the creator comes from the trail, and is null when the trail no longer says', async () => {
  assert.equal((await rig.reader.history(rig.ref('young'))).creator, 'dana');
  assert.equal((await rig.reader.history(rig.ref('web'))).creator, null, 'older than the trail');
});

test('who tagged it comes from the trail; a trail that is too long, and one of somebody else, are told apart', async () => {
  const { resourceId } = rig.ref('web');
  assert.deepEqual((await rig.reader.history(rig.ref('web'))).tagSetters, [], 'nobody as far back as it goes');
  assert.deepEqual((await rig.reader.history(rig.ref('young'))).tagSetters, [`arn:aws:iam::${ACCOUNT}:user/dana`]);
  await rig.aws.world({ do: 'retag', resourceId, key: 'environment', value: 'dev', by: 'ana' });
  const { tagSetters } = await rig.reader.history(rig.ref('web'));
  assert.deepEqual(tagSetters, [`arn:aws:iam::${ACCOUNT}:user/ana`]);
  for (let i = 0; i < 251; i++) await rig.aws.world({ do: 'retag', resourceId, key: 'n', value: String(i), by: 'ben' });
  assert.equal((await rig.reader.history(rig.ref('web'))).tagSetters, null, 'not read to its end');
});

test('the check reads every account', async () => {
  assert.match(await rig.reader.check(), /calls answered in \d+ place/);
});
