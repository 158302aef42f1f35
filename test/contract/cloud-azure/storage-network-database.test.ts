import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { Crash, memoryLog } from '../executor/memory-log.ts';
import { address, balancer, database, disk, type Rig, startRig, vm } from './rig.ts';

let rig: Rig;

before(async () => {
  rig = await startRig([
    vm('host', { publicIp: true }),
    disk('free'),
    disk('used', 'host'),
    disk('lost'),
    disk('crash'),
    disk('refused'),
    disk('bad'),
    address('spare'),
    address('taken', 'host'),
    address('gone'),
    address('lost-ip'),
    balancer('empty'),
    balancer('busy', ['host']),
    balancer('crash-lb'),
    database('idle-db'),
    database('crash-db'),
    database('critical', 'BC_Gen5_8'),
    database('paired'),
    database('hand-db'),
  ]);
});
after(() => rig.stop());

test('a disk is copied, and after the hold deleted; the rollback makes it again under its id', async () => {
  const { plan, facts, identity, asset } = await rig.approve('free', 'snapshot-and-delete-volume');
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  const copies = rig.azure.world.state.snapshots.filter((s) => s.sourceKey === asset.assetKey);
  assert.equal(copies.length, 1);
  assert.equal(copies[0]?.tags['keep'], 'me');
  assert.equal((await rig.executor.complete(plan, facts, log, identity)).result, 'applied');
  assert.equal(await rig.executor.describe(asset), null);
  const back = await rig.executor.rollback(plan, null, log, identity);
  assert.equal(back.result, 'rolled-back');
  assert.equal((await rig.executor.describe(asset))?.state, 'available');
  assert.equal((await rig.executor.rollback(plan, null, log, identity)).result, 'rolled-back');
  assert.deepEqual(rig.effects('free'), ['delete', 'restore']);
});

test('a disk on a machine is never touched', async () => {
  const { plan, facts, identity } = await rig.approve('used', 'snapshot-and-delete-volume');
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'blocked-by-preflight');
  assert.match(JSON.stringify(outcome), /volume_attached/);
});

test('a copy that cannot be looked at deletes nothing; a crash deletes a disk once', async () => {
  const lost = await rig.approve('lost', 'snapshot-and-delete-volume');
  const log = memoryLog();
  await rig.executor.apply(lost.plan, lost.facts, log, lost.identity);
  rig.simulator.faults.push({ path: '/snapshots', times: 1, kind: 'status', status: 500 });
  await assert.rejects(rig.executor.complete(lost.plan, lost.facts, log, lost.identity), (error: unknown) =>
    isProviderError(error, 'unavailable'),
  );
  assert.deepEqual(rig.effects('lost'), []);
  assert.equal((await rig.executor.complete(lost.plan, lost.facts, log, lost.identity)).result, 'applied');
  const crash = await rig.approve('crash', 'snapshot-and-delete-volume');
  const second = memoryLog();
  await rig.executor.apply(crash.plan, crash.facts, second, crash.identity);
  second.crashBeforeResult = 'delete';
  await assert.rejects(rig.executor.complete(crash.plan, crash.facts, second, crash.identity), Crash);
  assert.equal((await rig.executor.complete(crash.plan, null, second, crash.identity)).result, 'applied');
  assert.deepEqual(rig.effects('crash'), ['delete']);
});

test('a destructive role without the right, and a copy that failed, leave the disk where it is', async () => {
  const { plan, facts, identity } = await rig.approve('refused', 'snapshot-and-delete-volume');
  rig.azure.deny('Microsoft.Compute/snapshots/write');
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  rig.azure.deny('Microsoft.Compute/snapshots/write', false);
  assert.equal(outcome.result, 'blocked-by-preflight');
  const bad = await rig.approve('bad', 'snapshot-and-delete-volume');
  rig.azure.world.change({ do: 'snapshot-fails', resourceId: bad.asset.assetKey });
  const failed = await rig.executor.apply(bad.plan, bad.facts, memoryLog(), bad.identity);
  assert.equal(failed.result, 'needs-human');
  assert.match(JSON.stringify(failed), /snapshot:failed/);
  for (const name of ['refused', 'bad']) assert.deepEqual(rig.effects(name), []);
});

test('an address nobody uses is released once; one in use is refused; a rollback is for a person', async () => {
  const { plan, facts, identity } = await rig.approve('spare', 'release-address');
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects('spare'), ['delete']);
  assert.equal((await rig.executor.rollback(plan, null, log, identity)).result, 'needs-human');
  const taken = await rig.approve('taken', 'release-address');
  const outcome = await rig.executor.apply(taken.plan, taken.facts, memoryLog(), taken.identity);
  assert.match(JSON.stringify(outcome), /address_associated/);
  const gone = await rig.approve('gone', 'release-address');
  rig.azure.world.change({ do: 'terminate', resourceId: gone.asset.assetKey });
  assert.equal((await rig.executor.apply(gone.plan, gone.facts, memoryLog(), gone.identity)).result, 'gone');
});

test('a load balancer without machines is exported, then deleted; one with machines is refused', async () => {
  const { plan, facts, identity } = await rig.approve('empty', 'delete-load-balancer');
  const log = memoryLog();
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'applied');
  assert.match(JSON.stringify(log.results.get('export')), /frontendIPConfigurations/);
  assert.equal((await rig.executor.rollback(plan, null, log, identity)).result, 'needs-human');
  const busy = await rig.approve('busy', 'delete-load-balancer');
  const refused = await rig.executor.apply(busy.plan, busy.facts, memoryLog(), busy.identity);
  assert.deepEqual('reasons' in refused && refused.reasons, ['preflight:lb_has_backends']);
  const crash = await rig.approve('crash-lb', 'delete-load-balancer');
  const second = memoryLog();
  second.crashBeforeResult = 'delete';
  await assert.rejects(rig.executor.apply(crash.plan, crash.facts, second, crash.identity), Crash);
  assert.equal((await rig.executor.apply(crash.plan, crash.facts, second, crash.identity)).result, 'applied');
  assert.deepEqual(rig.effects('crash-lb'), ['delete']);
});

test('a managed instance is stopped and started again, each once', async () => {
  const { plan, facts, identity, asset } = await rig.approve('idle-db', 'stop-database');
  const log = memoryLog();
  assert.deepEqual(await rig.executor.preflight(plan, facts), []);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal((await rig.executor.describe(asset))?.state, 'stopped');
  assert.equal((await rig.executor.rollback(plan, null, log, identity)).result, 'rolled-back');
  assert.deepEqual(rig.effects('idle-db'), ['stop', 'start']);
  const crash = await rig.approve('crash-db', 'stop-database');
  const second = memoryLog();
  second.crashBeforeResult = 'stop';
  await assert.rejects(rig.executor.apply(crash.plan, crash.facts, second, crash.identity), Crash);
  assert.equal((await rig.executor.apply(crash.plan, crash.facts, second, crash.identity)).result, 'applied');
  assert.deepEqual(rig.effects('crash-db'), ['stop']);
  const hand = await rig.approve('hand-db', 'stop-database');
  rig.azure.world.change({ do: 'stop', resourceId: hand.asset.assetKey });
  assert.equal(
    (await rig.executor.apply(hand.plan, hand.facts, memoryLog(), hand.identity)).result,
    'already-satisfied',
  );
});

test('a tier that cannot be stopped and a member of a failover group are refused', async () => {
  const critical = await rig.approve('critical', 'stop-database');
  assert.deepEqual(await rig.executor.preflight(critical.plan, critical.facts), ['preflight:tier_cannot_be_stopped']);
  const partner = rig.ref('idle-db').assetKey;
  rig.azure.failoverPairs.push([rig.ref('paired').assetKey, partner]);
  const paired = await rig.approve('paired', 'stop-database');
  assert.deepEqual(await rig.executor.preflight(paired.plan, paired.facts), ['preflight:replica_source']);
  const other = await rig.approve('idle-db', 'stop-database');
  assert.deepEqual(await rig.executor.preflight(other.plan, other.facts), ['preflight:replica']);
  rig.azure.failoverPairs.length = 0;
});

test('the reversible app cannot delete, whatever it is asked to', async () => {
  const { session } = await rig.executing.changing({
    subscriptionId: rig.ref('host').accountId,
    role: 'reversible',
    headers: {},
  });
  await assert.rejects(async () => {
    await session.compute.virtualMachines.delete('rg-acme', 'host').submitted();
  }, /does not have authorization/);
  assert.deepEqual(rig.effects('host'), []);
});
