import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Crash, memoryLog } from './memory-log.ts';
import { type Rig, startRig } from './rig.ts';
import { database } from './seeds.ts';

const NAMES = ['plain', 'crash', 'drifted', 'by-hand', 'undone', 'refused', 'dropped'] as const;
let rig: Rig;

before(async () => {
  rig = await startRig(NAMES.map((name) => database(name)));
});
after(() => rig.stop());

const stops = (name: string) => rig.aws.effects('rds:StopDBInstance', name);
const stateOf = async (name: string) => (await rig.executor.describe(rig.ref(name)))?.state;

test('a sweep page of databases: found by ARN, one of the same name elsewhere is not it', async () => {
  const elsewhere = { ...rig.ref('plain'), assetKey: rig.ref('plain').assetKey.replace('us-east-1', 'eu-west-1') };
  const { facts: found } = await rig.reader.describe([...NAMES.map((name) => rig.ref(name)), elsewhere]);
  assert.deepEqual([...found.keys()].sort(), NAMES.map((name) => rig.ref(name).assetKey).sort());
  const plain = found.get(rig.ref('plain').assetKey);
  assert.ok(plain?.kind === 'database');
  assert.deepEqual(
    [plain.state, plain.engine, plain.storageGiB, plain.storageType],
    ['available', 'postgres', 100, 'gp2'],
  );
});

test('stops once, under a session for that action on that ARN', async () => {
  const { plan, facts, identity } = await rig.approve('plain', 'stop-database');
  const log = memoryLog();
  assert.deepEqual(await rig.executor.preflight(plan, facts), []);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(await stateOf('plain'), 'stopped');
  assert.equal(stops('plain').length, 1);
  assert.equal(stops('plain')[0]?.roleName, 'IdlewiseExecutorReversible');
  assert.deepEqual(log.credentials[0]?.['resources'], [plan.assetKey]);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(stops('plain').length, 1);
});

test('a crash between the call and its result is finished by reading', async () => {
  const { plan, facts, identity } = await rig.approve('crash', 'stop-database');
  const log = memoryLog();
  log.crashBeforeResult = 'stop';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  const outcome = await rig.executor.apply(
    plan,
    (await rig.executor.describe(rig.ref('crash'))) as never,
    log,
    identity,
  );
  assert.equal(outcome.result, 'applied');
  assert.equal(stops('crash').length, 1);
});

test('an answer that is lost after the effect is not asked for twice', async () => {
  const { plan, facts, identity } = await rig.approve('dropped', 'stop-database');
  rig.aws.faults.push({ body: ['StopDBInstance', 'dropped'], kind: 'reset-after-effect', times: 1 });
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'applied');
  assert.equal(stops('dropped').length, 1);
});

test('somebody has stopped it already: nothing is ours to claim', async () => {
  const { plan, facts, identity } = await rig.approve('by-hand', 'stop-database');
  await rig.aws.world({ do: 'stop', resourceId: 'by-hand' });
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'already-satisfied');
});

test('a changed class after the approval is drift', async () => {
  const { plan, facts, identity } = await rig.approve('drifted', 'stop-database');
  await rig.aws.world({ do: 'retag', resourceId: 'drifted', key: 'environment', value: 'prod' });
  const outcome = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(outcome.result, 'blocked-by-drift');
  assert.equal(stops('drifted').length, 0);
});

test('a rollback starts what we stopped, and nothing else', async () => {
  const { plan, facts, identity } = await rig.approve('undone', 'stop-database');
  const log = memoryLog();
  assert.equal((await rig.executor.rollback(plan, facts, memoryLog(), identity)).result, 'already-satisfied');
  await rig.executor.apply(plan, facts, log, identity);
  const back = await rig.executor.rollback(plan, await rig.executor.describe(rig.ref('undone')), log, identity);
  assert.equal(back.result, 'rolled-back');
  assert.equal(await stateOf('undone'), 'available');
});

test('a replica, the source of one and a cluster member are refused before anything is called', async () => {
  const { plan, facts } = await rig.approve('refused', 'stop-database');
  assert.ok(facts.kind === 'database');
  const codes = (change: object) => rig.executor.preflight(plan, { ...facts, ...change });
  assert.deepEqual(await codes({ replicaOf: 'main' }), ['preflight:replica']);
  assert.deepEqual(await codes({ replicas: ['copy'] }), ['preflight:replica_source']);
  assert.deepEqual(await codes({ clusterId: 'aurora' }), ['preflight:cluster_member']);
  assert.deepEqual(await codes({ state: 'other' }), ['preflight:state_not_allowed']);
  assert.deepEqual(await codes({ engine: 'sqlserver-se', multiZone: null }), [
    'preflight:unknown:multi_zone_sqlserver',
  ]);
});
