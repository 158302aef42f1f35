import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Crash, memoryLog } from '../executor/memory-log.ts';
import { type Rig, startRig, vm } from './rig.ts';

const NAMES = ['down', 'no-room', 'crash', 'touched', 'killed', 'back', 'denied'] as const;
const SIZES = { currentInstanceType: 'Standard_D4s_v5', targetInstanceType: 'Standard_D2s_v5' };
let rig: Rig;

before(async () => {
  rig = await startRig([
    ...NAMES.map((name) => vm(name)),
    vm('temp', { instanceType: 'Standard_D4s_v3' }),
    vm('dynamic', { publicIp: true }),
  ]);
});
after(() => rig.stop());

const approve = (name: string, sizes = SIZES) => rig.approve(name, 'resize-instance', sizes);
const sizeOf = (name: string) => rig.azure.world.find(rig.ref(name).assetKey)?.size;

test('deallocates, changes the size, starts, and comes up', async () => {
  const { plan, facts, identity } = await approve('down');
  assert.deepEqual(await rig.executor.preflight(plan, facts), []);
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'applied');
  assert.equal(sizeOf('down'), 'Standard_D2s_v5');
  assert.deepEqual(rig.effects('down'), ['stop', 'resize', 'start']);
});

test('without capacity for the new size it goes back to the old one and runs', async () => {
  const { plan, facts, identity, asset } = await approve('no-room');
  rig.azure.world.change({ do: 'no-capacity', resourceId: asset.assetKey });
  const log = memoryLog();
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'rolled-back');
  assert.deepEqual('reasons' in outcome && outcome.reasons, ['start:allocation_failed']);
  assert.equal(sizeOf('no-room'), 'Standard_D4s_v5');
  assert.equal((await rig.executor.describe(asset))?.state, 'running');
  assert.equal(log.results.get('start')?.['refused'], 'AllocationFailed');
});

test('a crash after each step goes on from there, with every change made once', async () => {
  const { plan, facts, identity } = await approve('crash');
  const log = memoryLog();
  for (const step of ['stop', 'modify', 'start']) {
    log.crashBeforeResult = step;
    await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash, step);
  }
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects('crash'), ['stop', 'resize', 'start']);
});

test('somebody else changes the machine between our look and our change: the ETag refuses it, and it goes back', async () => {
  const { plan, facts, identity, asset } = await approve('touched');
  rig.simulator.faults.push({
    path: asset.assetKey.split('/').at(-1) ?? '',
    body: 'Standard_D2s_v5',
    times: 1,
    kind: 'status',
    status: 412,
    responseBody: JSON.stringify({ error: { code: 'PreconditionFailed', message: 'The ETag does not match.' } }),
  });
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'rolled-back');
  assert.deepEqual('reasons' in outcome && outcome.reasons, ['modify:precondition_failed']);
  assert.deepEqual(rig.effects('touched'), ['stop', 'start']);
});

test('the ETag is one of the machine as it is: an older one is refused, and nothing changes', async () => {
  const { asset } = await approve('back');
  const { session } = await rig.executing.changing({
    subscriptionId: asset.accountId,
    role: 'reversible',
    headers: {},
  });
  const old = (await session.compute.virtualMachines.get('rg-acme', 'back')).etag;
  assert.ok(old);
  rig.azure.world.change({ do: 'retag', resourceId: asset.assetKey, key: 'new', value: 'tag' });
  const update = { hardwareProfile: { vmSize: 'Standard_D2s_v5' } };
  await assert.rejects(async () => {
    await session.compute.virtualMachines.update('rg-acme', 'back', update, { ifMatch: old }).submitted();
  }, /ETag/);
  assert.equal(sizeOf('back'), 'Standard_D4s_v5');
});

test('the kill switch after the stop leaves it stopped, for a person', async () => {
  const { plan, facts, identity } = await approve('killed');
  const log = memoryLog();
  log.killed = (l) => l.results.has('stop');
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'needs-human');
  assert.match(JSON.stringify(outcome), /parked:stopped-as-Standard_D4s_v5/);
  assert.deepEqual(rig.effects('killed'), ['stop']);
});

test('a role that may not write sends it back up as it was', async () => {
  const { plan, facts, identity } = await approve('denied');
  rig.azure.deny('Microsoft.Compute/virtualMachines/write');
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  rig.azure.deny('Microsoft.Compute/virtualMachines/write', false);
  assert.equal(outcome.result, 'rolled-back');
  assert.deepEqual('reasons' in outcome && outcome.reasons, ['modify:unauthorised']);
  assert.deepEqual(rig.effects('denied'), ['stop', 'start']);
});

test('asked to, it goes back to the old size', async () => {
  const { plan, facts, identity } = await approve('back');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  assert.equal((await rig.executor.rollback(plan, null, log, identity)).result, 'rolled-back');
  assert.equal(sizeOf('back'), 'Standard_D4s_v5');
});

test('sizes that do not fit are refused: other disks, not offered, unknown, or a public address that would change', async () => {
  const codes = async (name: string, targetInstanceType: string, from = 'Standard_D4s_v5') => {
    const { plan, facts } = await approve(name, { currentInstanceType: from, targetInstanceType });
    return rig.executor.preflight(plan, facts);
  };
  assert.deepEqual(await codes('temp', 'Standard_D2s_v5', 'Standard_D4s_v3'), ['preflight:resize_temporary_disk']);
  assert.deepEqual(await codes('killed', 'Standard_D2s_v4'), ['preflight:resize_not_available']);
  assert.deepEqual(await codes('killed', 'Standard_L8s_v3'), [
    'preflight:unknown:resize_shape',
    'preflight:resize_local_disks',
    'preflight:resize_temporary_disk',
    'preflight:resize_not_available',
  ]);
  assert.deepEqual(await codes('dynamic', 'Standard_D2s_v5'), ['preflight:dynamic_public_ip']);
});
