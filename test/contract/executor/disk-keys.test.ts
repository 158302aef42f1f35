import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { StartInstancesCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { issueSession } from '../../../providers/cloud/aws/executor/session.ts';
import { memoryLog } from './memory-log.ts';
import { ACCOUNT, REGION, type Rig, startRig } from './rig.ts';
import { instance, volume } from './seeds.ts';

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-4333-8444-555555555555`;
const OTHER_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/99999999-2222-4333-8444-555555555555`;
const type = { instanceType: 'm5.large' };

let rig: Rig;
before(async () => {
  rig = await startRig([
    instance('ours', { ...type, encryptedWith: KEY, extraVolumesGiB: [30] }),
    instance('default', { ...type, encryptedWith: 'aws/ebs' }),
    instance('lost-key', { ...type, encryptedWith: OTHER_KEY }),
    instance('no-grant', { ...type, encryptedWith: KEY }),
    instance('resized', { ...type, encryptedWith: KEY }),
    volume('disk', undefined, KEY),
    volume('disk-without-key', undefined, OTHER_KEY),
  ]);
});
after(() => rig.stop());

const stateOf = async (name: string) => (await rig.executor.describe(rig.ref(name)))?.state;

for (const name of ['ours', 'default'])
  test(`${name}: a machine with encrypted disks is stopped and started again under sessions that name its keys`, async () => {
    const { plan, facts, identity } = await rig.approve(name, 'stop-instance');
    assert.deepEqual(await rig.executor.preflight(plan, facts), []);
    assert.ok(facts.kind === 'instance' && facts.volumes.every((v) => v.encrypted && v.encryptionKeyId));
    const log = memoryLog();
    assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
    const undone = await rig.executor.rollback(plan, facts, log, identity);
    assert.equal(undone.result, 'rolled-back');
    assert.equal(await stateOf(name), 'running');
  });

test('without the keys in its session AWS says started, and stops the machine a moment later', async () => {
  const { plan, facts, identity } = await rig.approve('no-grant', 'stop-instance');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  const call = { action: 'ec2:StartInstances', resources: [plan.assetKey], role: 'reversible' } as const;
  const session = await issueSession(rig.clients, { plan, identity, log, step: 'by-hand', call });
  const ids = { InstanceIds: [plan.resourceId] };
  const answer = await session.ec2.send(new StartInstancesCommand(ids));
  assert.equal(answer.StartingInstances?.[0]?.PreviousState?.Name, 'stopped');
  assert.equal(await stateOf('no-grant'), 'pending');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const seen = await rig.admin.ec2.send(new DescribeInstancesCommand(ids));
  const machine = seen.Reservations?.[0]?.Instances?.[0];
  assert.deepEqual([machine?.State?.Name, machine?.StateReason?.Code], ['stopped', 'Client.InternalError']);
});

test('a key that may not be used: the way back is not called done, and says what EC2 said', async () => {
  const { plan, facts, identity } = await rig.approve('lost-key', 'stop-instance');
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  await rig.aws.world({ do: 'deny-key', keyArn: OTHER_KEY });
  const undone = await rig.executor.rollback(plan, facts, log, identity);
  assert.equal(undone.result, 'needs-human');
  assert.ok('reasons' in undone && undone.reasons.includes('unexpected-state:stopped'), JSON.stringify(undone));
  assert.match(JSON.stringify(undone.detail), /Client error on launch/);
  await rig.aws.world({ do: 'deny-key', keyArn: OTHER_KEY, clear: true });
});

test('a resize starts the machine with its keys', async () => {
  const { plan, facts, identity } = await rig.approve('resized', 'resize-instance', {
    currentInstanceType: 'm5.large',
    targetInstanceType: 'm5.xlarge',
  });
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'applied');
  assert.equal(await stateOf('resized'), 'running');
});

test('an encrypted volume comes back from its snapshot; where its key may not be used, that is told', async () => {
  for (const [name, result] of [
    ['disk', 'rolled-back'],
    ['disk-without-key', 'needs-human'],
  ] as const) {
    const { plan, facts, identity } = await rig.approve(name, 'snapshot-and-delete-volume');
    const log = memoryLog();
    assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
    assert.equal((await rig.executor.complete(plan, facts, log, identity)).result, 'applied');
    if (result === 'needs-human') await rig.aws.world({ do: 'deny-key', keyArn: OTHER_KEY });
    const undone = await rig.executor.rollback(plan, null, log, identity);
    assert.equal(undone.result, result, JSON.stringify(undone));
  }
});
