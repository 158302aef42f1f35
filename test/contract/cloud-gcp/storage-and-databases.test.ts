import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ActionResult } from '../../../ports/cloud.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { Crash, memoryLog } from '../executor/memory-log.ts';
import { address, database, disk, type Rig, startRig, vm } from './rig.ts';

let rig: Rig;
const reasons = (result: ActionResult) => ('reasons' in result ? result.reasons : []);

before(async () => {
  rig = await startRig([
    vm('host'),
    ...['d1', 'd2', 'd3', 'd4'].map((n) => disk(n)),
    disk('used', 'host'),
    ...['a1', 'a2', 'a3'].map((n) => address(n)),
    address('used-ip', 'host'),
    ...['db1', 'db2', 'db3', 'db4'].map((n) => database(n)),
  ]);
});
after(() => rig.stop());

test('disk: copied, held, checked, deleted once; and made again with its labels', async () => {
  const { plan, facts, identity } = await rig.approve('d1', 'snapshot-and-delete-volume');
  const log = memoryLog();
  log.crashAfterIntent = 'snapshot';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  assert.deepEqual(rig.effects('d1'), []);
  log.crashBeforeResult = 'delete';
  await assert.rejects(rig.executor.complete(plan, facts, log, identity), Crash);
  assert.equal((await rig.executor.complete(plan, null, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects('d1'), ['delete']);
  const copies = rig.gcp.world.state.snapshots.filter((s) => s.sourceKey === plan.assetKey);
  assert.equal(copies.length, 1);
  assert.equal(copies[0]?.tags['keep'], 'me');
  assert.equal(copies[0]?.tags['idlewise-disk-type'], 'pd-balanced');
  const back = await rig.executor.rollback(plan, null, log, identity);
  assert.equal(back.result, 'rolled-back');
  assert.deepEqual(rig.effects('d1'), ['delete', 'restore']);
});

test('disk: a snapshot that fails, or that somebody deleted during the hold, ends before the deletion', async () => {
  const first = await rig.approve('d2', 'snapshot-and-delete-volume');
  rig.gcp.world.change({ do: 'snapshot-fails', resourceId: first.plan.assetKey });
  const failed = await rig.executor.apply(first.plan, first.facts, memoryLog(), first.identity);
  assert.equal(failed.result, 'needs-human');
  const second = await rig.approve('d3', 'snapshot-and-delete-volume');
  const log = memoryLog();
  assert.equal((await rig.executor.apply(second.plan, second.facts, log, second.identity)).result, 'prepared');
  for (const s of rig.gcp.world.state.snapshots) if (s.sourceKey === second.plan.assetKey) s.gone = true;
  const result = await rig.executor.complete(second.plan, second.facts, log, second.identity);
  assert.equal(result.result, 'needs-human');
  assert.ok(reasons(result).some((r) => r.startsWith('snapshot:')));
  assert.deepEqual([...rig.effects('d2'), ...rig.effects('d3')], []);
});

test('disk and address in use are refused', async () => {
  for (const [name, action] of [
    ['used', 'snapshot-and-delete-volume'],
    ['used-ip', 'release-address'],
  ] as const) {
    const { plan, facts, identity } = await rig.approve(name, action);
    const result = await rig.executor.apply(plan, facts, memoryLog(), identity);
    assert.equal(result.result, 'blocked-by-preflight', name);
    assert.deepEqual(rig.effects(name), []);
  }
});

test('disk: deletion denied by the role after the hold leaves the disk', async () => {
  const { plan, facts, identity } = await rig.approve('d4', 'snapshot-and-delete-volume');
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  rig.gcp.deny('compute.disks.delete');
  const result = await rig.executor.complete(plan, facts, log, identity);
  rig.gcp.deny('compute.disks.delete', false);
  assert.equal(result.result, 'blocked-by-preflight');
  assert.deepEqual(rig.effects('d4'), []);
});

test('address: released once, also when the answer is lost; nobody gets the number back', async () => {
  const { plan, facts, identity } = await rig.approve('a1', 'release-address');
  const log = memoryLog();
  log.killed = () => {
    // Reads come first: from the last look at the kill switch on, the next request is the deletion.
    if (log.intents.size === 0 && rig.simulator.faults.length === 0 && log.credentials.length > 0)
      rig.simulator.faults.push({ path: '/addresses/a1', times: 1, kind: 'reset-after-effect' });
    return false;
  };
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(rig.simulator.faults.length, 0);
  assert.deepEqual(rig.effects('a1'), ['delete']);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  const back = await rig.executor.rollback(plan, null, log, identity);
  assert.deepEqual(reasons(back), ['address-is-not-given-again']);
});

test('address: gone by hand is gone; with the kill switch on nothing is asked for', async () => {
  const gone = await rig.approve('a2', 'release-address');
  rig.gcp.world.change({ do: 'terminate', resourceId: gone.plan.assetKey });
  assert.equal((await rig.executor.apply(gone.plan, gone.facts, memoryLog(), gone.identity)).result, 'gone');
  const other = await rig.approve('a3', 'release-address');
  const log = memoryLog();
  log.killed = () => true;
  await assert.rejects(rig.executor.apply(other.plan, other.facts, log, other.identity));
  assert.deepEqual(rig.effects('a3'), []);
});

test('database: off by policy, under a token for Cloud SQL alone; and on again', async () => {
  const { plan, facts, identity } = await rig.approve('db1', 'stop-database');
  const log = memoryLog();
  const result = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(result.result, 'applied');
  assert.equal(log.credentials[0]?.['api'], 'sql');
  assert.deepEqual(rig.effects('db1'), ['stop']);
  const again = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(again.result, 'applied');
  assert.deepEqual(rig.effects('db1'), ['stop']);
  assert.equal((await rig.executor.rollback(plan, facts, log, identity)).result, 'rolled-back');
  assert.deepEqual(rig.effects('db1'), ['stop', 'start']);
});

test('database: an answer lost after the effect is for later, and later it is done once', async () => {
  const { plan, facts, identity } = await rig.approve('db2', 'stop-database');
  const log = memoryLog();
  rig.simulator.faults.push({ path: '/instances/db2', body: 'activationPolicy', times: 1, kind: 'reset-after-effect' });
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), (e: unknown) =>
    isProviderError(e, 'unavailable'),
  );
  await new Promise((r) => setTimeout(r, 60));
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects('db2'), ['stop']);
});

test('database: settings that changed in between are not overwritten', async () => {
  const { plan, facts, identity } = await rig.approve('db3', 'stop-database');
  const refusal = { error: { code: 412, message: 'stale', errors: [{ reason: 'staleData', domain: 'global' }] } };
  rig.simulator.faults.push({
    path: '/instances/db3',
    body: 'settingsVersion',
    times: 1,
    kind: 'status',
    status: 412,
    responseBody: JSON.stringify(refusal),
  });
  const result = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(result.result, 'blocked-by-preflight');
  assert.deepEqual(rig.effects('db3'), []);
});

test('database: retagged after approval is drift', async () => {
  const { plan, facts, identity } = await rig.approve('db4', 'stop-database');
  rig.gcp.world.change({ do: 'retag', resourceId: plan.assetKey, key: 'environment', value: 'prod' });
  const result = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.deepEqual(reasons(result), ['drift:tags.environment']);
});
