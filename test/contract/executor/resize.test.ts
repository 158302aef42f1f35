import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { StartInstancesCommand } from '@aws-sdk/client-ec2';
import type { ActionResult } from '../../../ports/cloud.ts';
import { Crash, memoryLog } from './memory-log.ts';
import { type Rig, startRig } from './rig.ts';
import { instance } from './seeds.ts';

const TO_SMALL = { currentInstanceType: 'm5.xlarge', targetInstanceType: 'm5.large' };
const NAMES = ['plain', 'crash-stop', 'crash-modify', 'crash-start', 'killed', 'arm', 'bogus', 'done', 'no-parameter'];
let rig: Rig;

before(async () => {
  rig = await startRig([
    ...NAMES.map((name) => instance(name, { instanceType: 'm5.xlarge' })),
    instance('public', { instanceType: 'm5.xlarge', publicIp: true }),
  ]);
});
after(() => rig.stop());

const effects = (operation: string, name: string) =>
  rig.aws.effects(`ec2:${operation}`, rig.ref(name).resourceId).length;
const reasons = (outcome: ActionResult) => ('reasons' in outcome ? outcome.reasons : []);
async function stateOf(name: string) {
  const facts = await rig.executor.describe(rig.ref(name));
  return facts?.kind === 'instance' ? `${facts.state} ${facts.instanceType}` : null;
}
const resize = (name: string, parameters: Record<string, string> = TO_SMALL) =>
  rig.approve(name, 'resize-instance', parameters);

test('stops, changes the type, starts, and waits for the status checks', async () => {
  const { plan, facts, identity } = await resize('plain');
  assert.deepEqual(await rig.executor.preflight(plan, facts), []);
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(await stateOf('plain'), 'running m5.large');
  assert.deepEqual([...log.results.keys()], ['stop', 'modify', 'start']);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(effects('StopInstances', 'plain'), 1);
  assert.equal(effects('StartInstances', 'plain'), 1);
});

for (const step of ['stop', 'modify', 'start']) {
  test(`a crash before the result of ${step} repeats nothing`, async () => {
    const name = `crash-${step}`;
    const { plan, facts, identity } = await resize(name);
    const log = memoryLog();
    log.crashBeforeResult = step;
    await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
    const now = await rig.executor.describe(rig.ref(name));
    assert.equal((await rig.executor.apply(plan, now as never, log, identity)).result, 'applied');
    assert.equal(await stateOf(name), 'running m5.large');
    assert.equal(effects('StopInstances', name), 1);
    assert.equal(effects('ModifyInstanceAttribute', name), 1);
    assert.equal(effects('StartInstances', name), 1);
  });
}

test('the kill switch between stop and modify parks it stopped with its old type', async () => {
  const { plan, facts, identity } = await resize('killed');
  const log = memoryLog();
  log.killed = ({ results }) => results.has('stop');
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.ok(reasons(outcome).includes('kill-switch'));
  assert.match(reasons(outcome).join(), /parked:stopp(ing|ed)-as-m5\.xlarge/);
  assert.equal(effects('ModifyInstanceAttribute', 'killed'), 0);
});

test('the old type is found in the log when the plan does not name it', async () => {
  const { plan, facts, identity } = await resize('no-parameter', { targetInstanceType: 'm5.large' });
  const log = memoryLog();
  log.crashBeforeResult = 'start';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  const now = await rig.executor.describe(rig.ref('no-parameter'));
  assert.equal((await rig.executor.apply(plan, now as never, log, identity)).result, 'applied');
});

test('somebody resized it by hand: already satisfied', async () => {
  const { plan, facts, identity } = await resize('done');
  const theirs = await resize('done', { ...TO_SMALL, by: 'hand' });
  await rig.executor.apply(theirs.plan, theirs.facts, memoryLog(), theirs.identity);
  assert.equal((await rig.executor.apply(plan, facts, memoryLog(), identity)).result, 'already-satisfied');
  await rig.admin.ec2.send(new StartInstancesCommand({ InstanceIds: [plan.resourceId] }));
});

test('types that could not work are refused before anything stops', async () => {
  const arm = await resize('arm', { ...TO_SMALL, targetInstanceType: 'm6g.large' });
  assert.deepEqual(await rig.executor.preflight(arm.plan, arm.facts), ['preflight:resize_architecture']);
  const bogus = await resize('bogus', { ...TO_SMALL, targetInstanceType: 'zz9.plural' });
  const codes = await rig.executor.preflight(bogus.plan, bogus.facts);
  assert.deepEqual(codes, ['preflight:unknown:resize_target_type']);
  const open = await resize('public');
  assert.deepEqual(await rig.executor.preflight(open.plan, open.facts), ['preflight:public_ip_without_eip']);
  const outcome = await rig.executor.apply(arm.plan, arm.facts, memoryLog(), arm.identity);
  assert.equal(outcome.result, 'blocked-by-preflight');
  assert.equal(effects('StopInstances', 'arm'), 0);
});
