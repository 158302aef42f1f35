import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Crash, memoryLog } from '../executor/memory-log.ts';
import { disk, type Rig, startRig, vm } from './rig.ts';

const NAMES = [
  'whole',
  'crash-stop',
  'crash-copies',
  'lost-copy',
  'crash-delete',
  'fails',
  'slow',
  'held',
  'killed',
  'back',
] as const;
let rig: Rig;

before(async () => {
  rig = await startRig([...NAMES.map((name) => vm(name, { extraVolumesGiB: [32] })), disk('shared-disk', 'whole')]);
});
after(() => rig.stop());

const copiesOf = (name: string) =>
  rig.azure.world.state.snapshots.filter(
    (s) => s.sourceKey.includes(`/disks/${name}-`) || (name === 'whole' && s.sourceKey.endsWith('/shared-disk')),
  );
const approve = (name: string) => rig.approve(name, 'snapshot-and-terminate-instance');

test('deallocates, copies every disk, waits for every copy, and only after the hold deletes', async () => {
  const { plan, facts, identity } = await approve('whole');
  const log = memoryLog();
  const prepared = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(prepared.result, 'prepared');
  assert.deepEqual(rig.effects('whole'), ['stop']);
  const copies = copiesOf('whole');
  assert.deepEqual(copies.map((s) => s.sourceKey.split('/').at(-1) ?? '').sort(), [
    'shared-disk',
    'whole-data-1',
    'whole-os',
  ]);
  assert.ok(copies.every((s) => s.tags['idlewise-plan'] === identity.planDigest && s.readyAt <= Date.now()));
  const done = await rig.executor.complete(plan, await rig.executor.describe(rig.ref('whole')), log, identity);
  assert.equal(done.result, 'applied');
  assert.equal(await rig.executor.describe(rig.ref('whole')), null);
  assert.deepEqual(rig.effects('whole'), ['stop', 'delete']);
  assert.equal(copiesOf('whole').length, 3);
  // The estate's own disk was set to stay, and stays, without a machine.
  const kept = await rig.executor.describe(rig.ref('shared-disk'));
  assert.equal(kept?.state, 'available');
  assert.deepEqual(
    log.credentials.map((c) => [c['step'], c['role']]),
    [
      ['stop', 'reversible'],
      ['snapshot', 'destructive'],
      ['terminate', 'destructive'],
    ],
  );
});

test('a crash after stopping, after the copies and after the deletion is finished by reading', async () => {
  for (const [name, step] of [
    ['crash-stop', 'stop'],
    ['crash-copies', 'snapshot'],
  ] as const) {
    const { plan, facts, identity } = await approve(name);
    const log = memoryLog();
    log.crashBeforeResult = step;
    await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
    assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
    assert.deepEqual(rig.effects(name), ['stop']);
    assert.equal(copiesOf(name).length, 2);
  }
  const { plan, facts, identity } = await approve('crash-delete');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  log.crashBeforeResult = 'terminate';
  await assert.rejects(rig.executor.complete(plan, facts, log, identity), Crash);
  assert.equal((await rig.executor.complete(plan, null, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects('crash-delete'), ['stop', 'delete']);
});

test('an answer lost between two copies makes no third one', async () => {
  const { plan, facts, identity } = await approve('lost-copy');
  const log = memoryLog();
  rig.simulator.faults.push({ path: '/snapshots/idlewise-lost-copy-os', times: 1, kind: 'reset-after-effect' });
  await assert.rejects(rig.executor.apply(plan, facts, log, identity));
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  assert.equal(copiesOf('lost-copy').length, 2);
});

test('a copy that fails ends with a person, and nothing is deleted', async () => {
  const { plan, facts, identity, asset } = await approve('fails');
  rig.azure.world.state.snapshotFails.push(asset.assetKey.replace('virtualmachines/fails', 'disks/fails-data-1'));
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'needs-human');
  assert.match(JSON.stringify(outcome), /snapshot:failed/);
  assert.match(JSON.stringify(outcome), /parked:stopped-as-Standard_D4s_v5/);
  assert.deepEqual(rig.effects('fails'), ['stop']);
});

test('a copy that disappears during the hold stops the second phase', async () => {
  const { plan, facts, identity } = await approve('held');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  const [copy] = copiesOf('held');
  assert.ok(copy);
  copy.gone = true;
  const outcome = await rig.executor.complete(plan, await rig.executor.describe(rig.ref('held')), log, identity);
  assert.equal(outcome.result, 'needs-human');
  assert.match(JSON.stringify(outcome), /snapshot:count:1-of-2/);
  assert.deepEqual(rig.effects('held'), ['stop']);
});

test('a copy that never ends is waited for only so long', async () => {
  const { plan, facts, identity } = await approve('slow');
  const executor = rig.executorWith({ snapshotTimeoutMs: 0, pollMs: 1 });
  const outcome = await executor.apply(plan, facts, memoryLog(), identity);
  assert.ok(['needs-human', 'prepared'].includes(outcome.result));
  assert.equal(rig.effects('slow').includes('delete'), false);
});

test('the kill switch between stop and copies parks the machine, stopped, under that name', async () => {
  const { plan, facts, identity } = await approve('killed');
  const log = memoryLog();
  log.killed = (l) => l.results.has('stop');
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'needs-human');
  assert.deepEqual('reasons' in outcome && outcome.reasons, ['kill-switch', 'parked:stopped-as-Standard_D4s_v5']);
  assert.equal(copiesOf('killed').length, 0);
});

test('before the deletion the rollback starts it again; after it, a person gets the recipe', async () => {
  const { plan, facts, identity } = await approve('back');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  assert.equal((await rig.executor.rollback(plan, facts, log, identity)).result, 'rolled-back');
  const gone = await approve('crash-stop');
  const second = memoryLog();
  await rig.executor.apply(gone.plan, gone.facts, second, gone.identity);
  await rig.executor.complete(gone.plan, gone.facts, second, gone.identity);
  const outcome = await rig.executor.rollback(gone.plan, null, second, gone.identity);
  assert.equal(outcome.result, 'needs-human');
  assert.match(String(outcome.detail['instructions']), /az disk create/);
});
