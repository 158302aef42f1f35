import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AttachVolumeCommand,
  CreateVolumeCommand,
  DescribeSnapshotsCommand,
  ModifyInstanceAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { ActionResult } from '../../../ports/cloud.ts';
import { Crash, memoryLog } from './memory-log.ts';
import { type Approved, REGION, type Rig, startRig } from './rig.ts';
import { instance } from './seeds.ts';

const ACTION = 'snapshot-and-terminate-instance';
const NAMES = [
  'plain',
  'crash-stop',
  'crash-snap',
  'dropped',
  'crash-end',
  'stuck',
  'fails',
  'more-disks',
  'killed',
  'undone',
  'removed',
  'woken',
];
let rig: Rig;

before(async () => {
  rig = await startRig([
    ...NAMES.map((name) => instance(name, { instanceType: 'm5.large', extraVolumesGiB: [12] })),
    instance('long-stopped', { instanceType: 'm5.large', stopped: true }),
    instance('protected', { instanceType: 'm5.large', deletionProtection: true }),
  ]);
});
after(() => rig.stop());

const effects = (operation: string, name: string) =>
  rig.aws.effects(`ec2:${operation}`, rig.ref(name).resourceId).length;
const reasons = (outcome: ActionResult) => ('reasons' in outcome ? outcome.reasons : []);
async function snapshotsOf({ identity }: Approved) {
  const Filters = [{ Name: 'tag:idlewise:plan', Values: [identity.planDigest] }];
  const answer = await rig.admin.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters }));
  return answer.Snapshots ?? [];
}
async function again(name: string) {
  return rig.executor.describe(rig.ref(name));
}

test('stops, snapshots every volume under the plan, and only then terminates', async () => {
  const approved = await rig.approve('plain', ACTION);
  const { plan, facts, identity } = approved;
  const log = memoryLog();
  const prepared = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(prepared.result, 'prepared');
  const snapshots = await snapshotsOf(approved);
  assert.equal(snapshots.length, 2);
  assert.ok(snapshots.every((s) => s.State === 'completed'));
  assert.equal(effects('TerminateInstances', 'plain'), 0);

  const done = await rig.executor.complete(plan, await again('plain'), log, identity);
  assert.equal(done.result, 'applied');
  assert.equal(await again('plain'), null);
  assert.equal(effects('StopInstances', 'plain'), 1);
  assert.equal(effects('TerminateInstances', 'plain'), 1);
  assert.deepEqual([...log.results.keys()], ['stop', 'snapshot', 'terminate']);
  const [end] = rig.aws.effects('ec2:TerminateInstances', plan.resourceId);
  assert.equal(end?.roleName, 'IdlewiseExecutorDestructive');
  assert.equal(rig.aws.effects('ec2:StopInstances', plan.resourceId)[0]?.roleName, 'IdlewiseExecutorReversible');

  const undo = await rig.executor.rollback(plan, null, log, identity);
  assert.deepEqual([undo.result, ...reasons(undo)], ['needs-human', 'restore-by-hand']);
});

test('a crash after stopping goes on from there', async () => {
  const { plan, facts, identity } = await rig.approve('crash-stop', ACTION);
  const log = memoryLog();
  log.crashBeforeResult = 'stop';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  assert.equal(
    (await rig.executor.apply(plan, (await again('crash-stop')) as never, log, identity)).result,
    'prepared',
  );
  assert.equal(effects('StopInstances', 'crash-stop'), 1);
  assert.equal(effects('CreateSnapshots', 'crash-stop'), 1);
});

test('a crash after the snapshots were asked for finds them by their tag', async () => {
  const approved = await rig.approve('crash-snap', ACTION);
  const { plan, facts, identity } = approved;
  const log = memoryLog();
  log.crashBeforeResult = 'snapshot';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  assert.equal((await snapshotsOf(approved)).length, 2);
  assert.equal(effects('CreateSnapshots', 'crash-snap'), 1);
});

test('a lost answer to CreateSnapshots makes no second set', async () => {
  const approved = await rig.approve('dropped', ACTION);
  const { plan, facts, identity } = approved;
  const body = `InstanceSpecification.InstanceId=${plan.resourceId}`;
  // First the answer to the rehearsal is lost: nothing has happened, and a retry is due.
  rig.aws.faults.push({ kind: 'reset-after-effect', body, times: 1 });
  const log = memoryLog();
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), { kind: 'unavailable' });
  rig.aws.faults.push({ kind: 'reset-after-effect', body: 'DryRun=false', times: 1 });
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  assert.equal((await snapshotsOf(approved)).length, 2);
  assert.equal(rig.aws.faults.length, 0);
  assert.equal(effects('StopInstances', 'dropped'), 1);
});

test('a crash after terminating is finished by reading', async () => {
  const { plan, facts, identity } = await rig.approve('crash-end', ACTION);
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  log.crashBeforeResult = 'terminate';
  await assert.rejects(rig.executor.complete(plan, await again('crash-end'), log, identity), Crash);
  const done = await rig.executor.complete(plan, await again('crash-end'), log, identity);
  assert.equal(done.result, 'applied');
  assert.equal(effects('TerminateInstances', 'crash-end'), 1);
});

test('a snapshot that never finishes ends in a person, parked stopped, with nothing destroyed', async () => {
  const { plan, facts, identity } = await rig.approve('stuck', ACTION);
  assert.equal(facts.resourceType, 'AWS::EC2::Instance');
  const [disk] = facts.kind === 'instance' ? facts.volumes : [];
  await rig.aws.world({ do: 'snapshot-stuck', resourceId: disk?.volumeId ?? '' });
  const log = memoryLog();
  const outcome = await rig.executorWith({ snapshotTimeoutMs: 300 }).apply(plan, facts, log, identity);
  assert.deepEqual(
    [outcome.result, ...reasons(outcome)],
    ['needs-human', 'timeout:snapshots', 'parked:stopped-as-m5.large'],
  );
  const second = await rig.executor.complete(plan, await again('stuck'), log, identity);
  assert.equal(second.result, 'needs-human');
  assert.match(reasons(second).join(), /snapshot:pending:snap-/);
  assert.equal(effects('TerminateInstances', 'stuck'), 0);
});

test('one snapshot in error stops the whole plan', async () => {
  const approved = await rig.approve('fails', ACTION);
  const { plan, facts, identity } = approved;
  const disks = facts.kind === 'instance' ? facts.volumes : [];
  await rig.aws.world({ do: 'snapshot-fails', resourceId: disks[1]?.volumeId ?? '' });
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'needs-human');
  assert.match(reasons(outcome).join(), /snapshot:error:snap-/);
  assert.equal((await snapshotsOf(approved)).length, 2, 'the set is kept');
});

test('a disk attached during the hold is drift: nothing is terminated', async () => {
  const { plan, facts, identity } = await rig.approve('more-disks', ACTION);
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  const zone = facts.kind === 'instance' ? facts.zone : null;
  const made = await rig.admin.ec2.send(new CreateVolumeCommand({ AvailabilityZone: zone ?? REGION, Size: 5 }));
  await rig.admin.ec2.send(
    new AttachVolumeCommand({ VolumeId: made.VolumeId, InstanceId: plan.resourceId, Device: '/dev/sdz' }),
  );
  const outcome = await rig.executor.complete(plan, facts, log, identity);
  assert.deepEqual([outcome.result, ...reasons(outcome)], ['blocked-by-drift', 'drift:volumes']);
  assert.equal(effects('TerminateInstances', 'more-disks'), 0);
});

test('termination protection set at any time is a refusal', async () => {
  const before = await rig.approve('protected', ACTION);
  assert.deepEqual(await rig.executor.preflight(before.plan, before.facts), ['preflight:termination_protection']);
  const refused = await rig.executor.apply(before.plan, before.facts, memoryLog(), before.identity);
  assert.equal(refused.result, 'blocked-by-preflight');
  assert.equal(effects('StopInstances', 'protected'), 0);

  const { plan, facts, identity } = await rig.approve('woken', ACTION);
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  const protect = { InstanceId: plan.resourceId, DisableApiTermination: { Value: true } };
  await rig.admin.ec2.send(new ModifyInstanceAttributeCommand(protect));
  const outcome = await rig.executor.complete(plan, facts, log, identity);
  assert.deepEqual([outcome.result, ...reasons(outcome)], ['blocked-by-drift', 'drift:deletionProtection']);
});

test('the kill switch between stop and snapshot parks the instance under a name', async () => {
  const { plan, facts, identity } = await rig.approve('killed', ACTION);
  const log = memoryLog();
  log.killed = ({ results }) => results.has('stop');
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'needs-human');
  assert.ok(reasons(outcome).includes('kill-switch'));
  assert.match(reasons(outcome).join(), /parked:stopp(ing|ed)-as-m5\.large/);
  assert.equal(effects('CreateSnapshots', 'killed'), 0);
});

test('rollback before the second phase starts the instance again', async () => {
  const { plan, facts, identity } = await rig.approve('undone', ACTION);
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  const outcome = await rig.executor.rollback(plan, await again('undone'), log, identity);
  assert.deepEqual([outcome.result, ...reasons(outcome)], ['rolled-back', 'restored:running']);
  assert.equal((await again('undone'))?.state, 'running');
});

test('terminated by somebody during the hold is gone, not our doing', async () => {
  const { plan, facts, identity } = await rig.approve('removed', ACTION);
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  await rig.aws.world({ do: 'terminate', resourceId: plan.resourceId });
  assert.equal((await rig.executor.complete(plan, null, log, identity)).result, 'gone');
});

test('an instance that was stopped already is not stopped again', async () => {
  const { plan, facts, identity } = await rig.approve('long-stopped', ACTION);
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  assert.equal((await rig.executor.complete(plan, facts, log, identity)).result, 'applied');
  assert.deepEqual([...log.intents.keys()], ['snapshot', 'terminate']);
});
