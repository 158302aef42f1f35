import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ModifyInstanceAttributeCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { issueSession } from '../../../providers/cloud/aws/executor/session.ts';
import { Crash, Killed, memoryLog } from './memory-log.ts';
import { type Rig, startRig } from './rig.ts';
import { instance } from './seeds.ts';

const NAMES = [
  'plain',
  'crash-a',
  'crash-b',
  'dropped',
  'drifted',
  'gone',
  'by-hand',
  'protected',
  'killed',
  'undone',
  'denied',
  'expired',
  'throttled',
  'restarted',
  'other',
  'asked-twice',
  'no-room',
] as const;
let rig: Rig;

before(async () => {
  rig = await startRig(NAMES.map((name) => instance(name)));
});
after(() => rig.stop());

const stops = (name: string) => rig.aws.effects('ec2:StopInstances', rig.ref(name).resourceId);
/** Matches the real call, not its rehearsal. */
const realStop = (name: string) => `InstanceId.1=${rig.ref(name).resourceId}&DryRun=false`;
const stateOf = async (name: string) => (await rig.executor.describe(rig.ref(name)))?.state;

test('stops once, under a reversible session named after the decision, and leaves a full trail', async () => {
  const { plan, facts, identity } = await rig.approve('plain', 'stop-instance');
  const log = memoryLog();
  assert.deepEqual(await rig.executor.preflight(plan, facts), []);
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'applied');
  assert.equal(await stateOf('plain'), 'stopped');
  const [stop, ...more] = stops('plain');
  assert.equal(more.length, 0);
  assert.equal(stop?.roleName, 'IdlewiseExecutorReversible');
  assert.equal(stop?.sourceIdentity, 'dec-1');
  assert.deepEqual([...log.intents.keys()], ['stop']);
  assert.deepEqual([...log.results.keys()], ['stop']);
  const [issued] = log.credentials;
  assert.match(String(issued?.['accessKeyId']), /^ASIA/);
  assert.ok(Date.parse(String(issued?.['expiresAt'])) - Date.now() <= 900_000);
  assert.equal(JSON.stringify(log.credentials).includes('ecret'), false);
  assert.ok(rig.aws.mutations().some((m) => m.dryRun && m.resourceIds.includes(plan.resourceId)));
});

test('a crash between the call and its result is finished by reading, not by stopping again', async () => {
  const { plan, facts, identity } = await rig.approve('crash-a', 'stop-instance');
  const log = memoryLog();
  log.crashBeforeResult = 'stop';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  const outcome = await rig.executor.apply(
    plan,
    (await rig.executor.describe(rig.ref('crash-a'))) as never,
    log,
    identity,
  );
  assert.equal(outcome.result, 'applied');
  assert.equal(stops('crash-a').length, 1);
  assert.equal(log.results.get('stop')?.['reconstructed'], true);
});

test('a crash between the INTENT and the call leaves the call to be made, once', async () => {
  const { plan, facts, identity } = await rig.approve('crash-b', 'stop-instance');
  const log = memoryLog();
  log.crashAfterIntent = 'stop';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  assert.equal(stops('crash-b').length, 0);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(stops('crash-b').length, 1);
});

test('a second apply after success changes nothing', async () => {
  const { plan, facts, identity } = await rig.approve('asked-twice', 'stop-instance');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(stops('asked-twice').length, 1);
});

test('an answer lost after the effect does not stop twice', async () => {
  const { plan, facts, identity } = await rig.approve('dropped', 'stop-instance');
  rig.aws.faults.push({ kind: 'reset-after-effect', body: realStop('dropped'), times: 1 });
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(rig.aws.faults.length, 0, 'the fault must have fired');
  assert.equal(outcome.result, 'applied');
  assert.equal(stops('dropped').length, 1);
});

test('a throttled call is left to a later retry, which makes it once', async () => {
  const { plan, facts, identity } = await rig.approve('throttled', 'stop-instance');
  const body =
    '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>';
  rig.aws.faults.push({
    kind: 'status',
    body: realStop('throttled'),
    status: 503,
    responseBody: body,
    times: 1,
  });
  const log = memoryLog();
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), { kind: 'retry-after' });
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(stops('throttled').length, 1);
});

test('a tag set after the approval is drift, by name', async () => {
  const { plan, facts, identity } = await rig.approve('drifted', 'stop-instance');
  await rig.aws.world({ do: 'retag', resourceId: plan.resourceId, key: 'environment', value: 'prod' });
  const log = memoryLog();
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'blocked-by-drift');
  assert.deepEqual('reasons' in outcome && outcome.reasons, ['drift:tags.environment']);
  assert.equal(log.intents.size, 0);
  assert.equal(stops('drifted').length, 0);
});

test('an instance somebody terminated is gone, one somebody stopped is already satisfied', async () => {
  const gone = await rig.approve('gone', 'stop-instance');
  await rig.aws.world({ do: 'terminate', resourceId: gone.plan.resourceId });
  assert.equal((await rig.executor.apply(gone.plan, gone.facts, memoryLog(), gone.identity)).result, 'gone');
  const byHand = await rig.approve('by-hand', 'stop-instance');
  await rig.aws.world({ do: 'stop', resourceId: byHand.plan.resourceId });
  const outcome = await rig.executor.apply(byHand.plan, byHand.facts, memoryLog(), byHand.identity);
  assert.equal(outcome.result, 'already-satisfied');
  assert.equal(stops('by-hand').length, 0);
});

test('stop protection is refused before anything is called, and never lifted', async () => {
  const { resourceId } = rig.ref('protected');
  await rig.admin.ec2.send(
    new ModifyInstanceAttributeCommand({ InstanceId: resourceId, DisableApiStop: { Value: true } }),
  );
  const { plan, facts, identity } = await rig.approve('protected', 'stop-instance');
  assert.deepEqual(await rig.executor.preflight(plan, facts), ['preflight:stop_protection']);
  const log = memoryLog();
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'blocked-by-preflight');
  assert.equal(log.credentials.length, 0);
});

test('the kill switch before the call leaves the instance alone', async () => {
  const { plan, facts, identity } = await rig.approve('killed', 'stop-instance');
  const log = memoryLog();
  log.killed = () => true;
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Killed);
  assert.equal(await stateOf('killed'), 'running');
  assert.equal(log.intents.size, 0);
});

test('rollback starts what was stopped, and only that', async () => {
  const { plan, facts, identity } = await rig.approve('undone', 'stop-instance');
  const log = memoryLog();
  assert.equal((await rig.executor.rollback(plan, facts, log, identity)).result, 'already-satisfied');
  await rig.executor.apply(plan, facts, log, identity);
  assert.equal((await rig.executor.rollback(plan, facts, log, identity)).result, 'rolled-back');
  assert.equal(await stateOf('undone'), 'running');
  assert.equal(rig.aws.effects('ec2:StartInstances', plan.resourceId).length, 1);
});

test('a rollback that cannot start the instance is left to a person, without a loop', async () => {
  const { plan, facts, identity } = await rig.approve('no-room', 'stop-instance');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  await rig.aws.world({ do: 'no-capacity', resourceId: plan.resourceId, instanceType: 'm5.large' });
  const outcome = await rig.executor.rollback(plan, facts, log, identity);
  assert.equal(outcome.result, 'needs-human');
  assert.deepEqual('reasons' in outcome && outcome.reasons, [
    'rollback-start:insufficient_instance_capacity',
    'parked:stopped-as-m5.large',
  ]);
});

test('an instance somebody started again after our stop is left to people', async () => {
  const { plan, facts, identity } = await rig.approve('restarted', 'stop-instance');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  const meddler = memoryLog();
  meddler.intents.set('stop', {});
  await rig.executor.rollback(plan, facts, meddler, identity);
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'needs-human');
  assert.ok('reasons' in outcome && outcome.reasons.includes('undone:stop'));
  assert.equal(stops('restarted').length, 1);
});

test('a role that cannot be assumed is a refusal without side effects', async () => {
  const { plan, facts, identity } = await rig.approve('denied', 'stop-instance');
  const log = memoryLog();
  const executor = rig.executorWith({}, 'wrong-external-id');
  await assert.rejects(executor.describe(rig.ref('denied')), { kind: 'unauthorised' });
  await assert.rejects(executor.apply(plan, facts, log, identity), { kind: 'unauthorised' });
  assert.equal(log.intents.size, 0);
});

test('credentials that end on the way are replaced, and the state read again before the call', async () => {
  const { plan, facts, identity } = await rig.approve('expired', 'stop-instance');
  const log = memoryLog();
  let looks = 0;
  // The second look is between the rehearsal and the call.
  log.assertNotKilled = async () => {
    if (++looks === 2) await rig.aws.world({ do: 'expire-credentials' });
  };
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(log.credentials.length, 2);
  assert.equal(stops('expired').length, 1);
});

test('a session made for one instance cannot touch another', async () => {
  const { plan, identity } = await rig.approve('other', 'stop-instance');
  const log = memoryLog();
  const call = {
    action: 'ec2:StopInstances',
    resources: [plan.assetKey],
    role: 'reversible' as const,
  };
  const session = await issueSession(rig.clients, { plan, identity, log, step: 'stop', call });
  const stranger = rig.ref('plain').resourceId;
  await assert.rejects(session.ec2.send(new StopInstancesCommand({ InstanceIds: [stranger] })), {
    name: 'UnauthorizedOperation',
  });
  await assert.rejects(session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [plan.resourceId] })), {
    name: 'UnauthorizedOperation',
  });
});

test('a plan that is not the approved one is refused outright', async () => {
  const { plan, facts, identity } = await rig.approve('other', 'stop-instance');
  const log = memoryLog();
  const wrong = { ...plan, resourceId: rig.ref('plain').resourceId };
  await assert.rejects(rig.executor.apply(wrong, facts, log, identity), { kind: 'terminal' });
  assert.equal(log.credentials.length, 0);
});
