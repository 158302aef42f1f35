import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ActionResult } from '../../../ports/cloud.ts';
import { Crash, memoryLog } from './memory-log.ts';
import { type Rig, startRig } from './rig.ts';
import { instance } from './seeds.ts';

const TO_SMALL = { currentInstanceType: 'm5.xlarge', targetInstanceType: 'm5.large' };
const NAMES = ['no-room', 'crash-return', 'impaired', 'both-fail', 'undone'];
let rig: Rig;

before(async () => {
  rig = await startRig(NAMES.map((name) => instance(name, { instanceType: 'm5.xlarge' })));
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

test('no capacity for the new type: back to the old one at once', async () => {
  const { plan, facts, identity } = await resize('no-room');
  await rig.aws.world({ do: 'no-capacity', resourceId: plan.resourceId });
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.deepEqual([outcome.result, ...reasons(outcome)], ['rolled-back', 'start:insufficient_instance_capacity']);
  assert.equal(await stateOf('no-room'), 'running m5.xlarge');
  assert.equal(effects('StartInstances', 'no-room'), 1);
});

test('a crash on the way back is taken up again, and ends on the old type', async () => {
  const { plan, facts, identity } = await resize('crash-return');
  await rig.aws.world({ do: 'no-capacity', resourceId: plan.resourceId });
  const log = memoryLog();
  log.crashBeforeResult = 'return-modify';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'rolled-back');
  assert.equal(await stateOf('crash-return'), 'running m5.xlarge');
  assert.equal(effects('ModifyInstanceAttribute', 'crash-return'), 2);
});

test('failing status checks: back to the old type, and a person when that is no better', async () => {
  const { plan, facts, identity } = await resize('impaired');
  await rig.aws.world({ do: 'impaired', resourceId: plan.resourceId });
  const executor = rig.executorWith({ transitionTimeoutMs: 400 });
  const outcome = await executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'needs-human');
  assert.deepEqual(reasons(outcome), [
    'timeout:running-and-healthy',
    'timeout:running-and-healthy',
    'parked:running-as-m5.xlarge',
  ]);
});

test('when the old type does not start either, nothing loops and the state is named', async () => {
  const { plan, facts, identity } = await resize('both-fail');
  const log = memoryLog();
  await rig.aws.world({ do: 'no-capacity', resourceId: plan.resourceId });
  log.killed = ({ results }) => {
    // Once the type has been put back, there is no room for that one either.
    if (results.has('return-modify'))
      void rig.aws.world({ do: 'no-capacity', resourceId: plan.resourceId, instanceType: 'm5.xlarge' });
    return false;
  };
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'needs-human');
  assert.ok(reasons(outcome).includes('return-start:insufficient_instance_capacity'));
  assert.ok(reasons(outcome).includes('parked:stopped-as-m5.xlarge'));
  assert.equal(effects('StartInstances', 'both-fail'), 0);
});

test('rollback after success returns to the old type', async () => {
  const { plan, facts, identity } = await resize('undone');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  assert.equal((await rig.executor.rollback(plan, null, log, identity)).result, 'rolled-back');
  assert.equal(await stateOf('undone'), 'running m5.xlarge');
});
