import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DescribeAddressesCommand, DescribeSnapshotsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { ModifyLoadBalancerAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ActionResult } from '../../../ports/cloud.ts';
import { Crash, memoryLog } from './memory-log.ts';
import { type Rig, startRig } from './rig.ts';
import { address, instance, loadBalancer, volume } from './seeds.ts';

const reasons = (outcome: ActionResult) => ('reasons' in outcome ? outcome.reasons : []);
let rig: Rig;

before(async () => {
  rig = await startRig([
    instance('host'),
    ...['vol-plain', 'vol-crash', 'vol-lost', 'vol-back', 'vol-gone', 'vol-taken'].map((name) => volume(name)),
    volume('vol-used', 'host'),
    ...['ip-plain', 'ip-crash', 'ip-gone'].map((name) => address(name)),
    address('ip-used', 'host'),
    ...['lb-plain', 'lb-crash', 'lb-gone', 'lb-kept', 'lb-lost'].map((name) => loadBalancer(name)),
  ]);
});
after(() => rig.stop());

const effects = (operation: string, name: string) => rig.aws.effects(operation, rig.ref(name).resourceId).length;
const again = (name: string) => rig.executor.describe(rig.ref(name));

test('a volume is snapshotted, verified and only then deleted', async () => {
  const { plan, facts, identity } = await rig.approve('vol-plain', 'snapshot-and-delete-volume');
  assert.deepEqual(await rig.executor.preflight(plan, facts), []);
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  assert.equal((await again('vol-plain'))?.state, 'available');
  assert.equal((await rig.executor.complete(plan, facts, log, identity)).result, 'applied');
  assert.equal(await again('vol-plain'), null);
  assert.equal(effects('ec2:CreateSnapshot', 'vol-plain'), 1);
  assert.equal(effects('ec2:DeleteVolume', 'vol-plain'), 1);
});

test('a crash around the snapshot or the deletion repeats neither', async () => {
  const { plan, facts, identity } = await rig.approve('vol-crash', 'snapshot-and-delete-volume');
  const log = memoryLog();
  log.crashBeforeResult = 'snapshot';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  await rig.executor.apply(plan, facts, log, identity);
  log.crashBeforeResult = 'delete';
  await assert.rejects(rig.executor.complete(plan, facts, log, identity), Crash);
  assert.equal((await rig.executor.complete(plan, null, log, identity)).result, 'applied');
  assert.equal(effects('ec2:CreateSnapshot', 'vol-crash'), 1);
  assert.equal(effects('ec2:DeleteVolume', 'vol-crash'), 1);
});

test('a lost answer to CreateSnapshot leaves one snapshot', async () => {
  const { plan, facts, identity } = await rig.approve('vol-lost', 'snapshot-and-delete-volume');
  rig.aws.faults.push({ kind: 'reset-after-effect', body: 'DryRun=false', times: 1 });
  assert.equal((await rig.executor.apply(plan, facts, memoryLog(), identity)).result, 'prepared');
  assert.equal(rig.aws.faults.length, 0);
  const Filters = [{ Name: 'volume-id', Values: [plan.resourceId] }];
  const answer = await rig.admin.ec2.send(new DescribeSnapshotsCommand({ Filters }));
  assert.equal(answer.Snapshots?.length, 1);
});

test('rollback makes the volume again from its snapshot: same zone, type, size and tags, once', async () => {
  const { plan, facts, identity } = await rig.approve('vol-back', 'snapshot-and-delete-volume');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  await rig.executor.complete(plan, facts, log, identity);
  log.crashBeforeResult = 'rollback-create';
  await assert.rejects(rig.executor.rollback(plan, null, log, identity), Crash);
  const outcome = await rig.executor.rollback(plan, null, log, identity);
  assert.deepEqual([outcome.result, ...reasons(outcome)], ['rolled-back', 'restored:new-volume-id']);
  const Filters = [{ Name: 'tag:idlewise:restored-from-plan', Values: [identity.planDigest] }];
  const { Volumes = [] } = await rig.admin.ec2.send(new DescribeVolumesCommand({ Filters }));
  assert.equal(Volumes.length, 1);
  assert.equal(Volumes[0]?.VolumeType, 'gp3');
  assert.equal(Volumes[0]?.Size, 30);
  assert.equal(facts.kind === 'volume' && facts.zone, Volumes[0]?.AvailabilityZone);
  assert.ok(Volumes[0]?.Tags?.some((t) => t.Key === 'Name' && t.Value === 'vol-back'));
});

test('attached, associated and protected things are refused, by name', async () => {
  const used = await rig.approve('vol-used', 'snapshot-and-delete-volume');
  assert.deepEqual(await rig.executor.preflight(used.plan, used.facts), [
    'preflight:volume_attached',
    'preflight:state_not_allowed',
  ]);
  const ip = await rig.approve('ip-used', 'release-address');
  const refused = await rig.executor.apply(ip.plan, ip.facts, memoryLog(), ip.identity);
  assert.deepEqual([refused.result, ...reasons(refused)], ['blocked-by-preflight', 'preflight:address_associated']);
  const { resourceId } = rig.ref('lb-kept');
  const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'true' }];
  await rig.admin.elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: resourceId, Attributes }));
  const lb = await rig.approve('lb-kept', 'delete-load-balancer');
  assert.deepEqual(await rig.executor.preflight(lb.plan, lb.facts), ['preflight:deletion_protection']);
});

test('what somebody else removed is gone, and no effect of ours is claimed', async () => {
  for (const [name, action] of [
    ['vol-gone', 'snapshot-and-delete-volume'],
    ['ip-gone', 'release-address'],
    ['lb-gone', 'delete-load-balancer'],
  ] as const) {
    const { plan, facts, identity } = await rig.approve(name, action);
    await rig.aws.world({ do: 'terminate', resourceId: plan.resourceId });
    const log = memoryLog();
    assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'gone', name);
    assert.equal((await rig.executor.complete(plan, null, log, identity)).result, 'gone', name);
    assert.equal((await rig.executor.rollback(plan, null, log, identity)).result, 'gone', name);
    assert.equal(log.results.size, 0);
  }
});

test('an address is released once, by allocation, and asked back by rollback', async () => {
  const { plan, facts, identity } = await rig.approve('ip-plain', 'release-address');
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(await again('ip-plain'), null);
  assert.equal(effects('ec2:ReleaseAddress', 'ip-plain'), 1);
  const undo = await rig.executor.rollback(plan, null, log, identity);
  assert.deepEqual([undo.result, ...reasons(undo)], ['rolled-back', 'restored:new-allocation-id']);
  const PublicIps = [facts.kind === 'address' ? facts.publicIp : ''];
  const { Addresses = [] } = await rig.admin.ec2.send(new DescribeAddressesCommand({ PublicIps }));
  assert.equal(Addresses.length, 1);
});

test('a release whose result was lost is recognised by our own INTENT', async () => {
  const { plan, facts, identity } = await rig.approve('ip-crash', 'release-address');
  const log = memoryLog();
  log.crashBeforeResult = 'release';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  // The gate finds no facts any more and asks for completion.
  assert.equal((await rig.executor.complete(plan, null, log, identity)).result, 'applied');
  assert.equal(effects('ec2:ReleaseAddress', 'ip-crash'), 1);
});

test('a load balancer is exported in full before it is deleted', async () => {
  const { plan, facts, identity } = await rig.approve('lb-plain', 'delete-load-balancer');
  assert.deepEqual(await rig.executor.preflight(plan, facts), []);
  const log = memoryLog();
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'applied');
  assert.deepEqual([...log.results.keys()], ['export', 'delete']);
  const exported = log.results.get('export')?.['configuration'] as Record<string, unknown[]>;
  assert.equal(exported['listeners']?.length, 1);
  assert.equal(exported['targetGroups']?.length, 1);
  assert.ok((exported['tags'] as { Key: string }[]).some((t) => t.Key === 'Name'));
  assert.equal(await again('lb-plain'), null);
  assert.equal(effects('elasticloadbalancing:DeleteLoadBalancer', 'lb-plain'), 1);
});

test('a crash or a lost answer around the deletion of a load balancer deletes once', async () => {
  const crash = await rig.approve('lb-crash', 'delete-load-balancer');
  const log = memoryLog();
  log.crashBeforeResult = 'delete';
  await assert.rejects(rig.executor.apply(crash.plan, crash.facts, log, crash.identity), Crash);
  assert.equal((await rig.executor.apply(crash.plan, crash.facts, log, crash.identity)).result, 'applied');
  const lost = await rig.approve('lb-lost', 'delete-load-balancer');
  rig.aws.faults.push({ kind: 'reset-after-effect', body: 'Action=DeleteLoadBalancer', times: 1 });
  assert.equal((await rig.executor.apply(lost.plan, lost.facts, memoryLog(), lost.identity)).result, 'applied');
  assert.equal(effects('elasticloadbalancing:DeleteLoadBalancer', 'lb-lost'), 1);
  assert.equal(effects('elasticloadbalancing:DeleteLoadBalancer', 'lb-crash'), 1);
});
