import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { correlationOf } from '../../../providers/cloud/azure/executor/session.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { Crash, Killed, memoryLog } from '../executor/memory-log.ts';
import { type Rig, SECRETS, startRig, vm } from './rig.ts';

const NAMES = [
  'plain',
  'crash-a',
  'crash-b',
  'lost',
  'drifted',
  'gone',
  'by-hand',
  'killed',
  'undone',
  'denied',
  'expired',
  'throttled',
  'back',
  'still-billed',
  'other-plan',
] as const;
let rig: Rig;

before(async () => {
  rig = await startRig([
    ...NAMES.map((name) => vm(name)),
    vm('locked', { deletionProtection: true }),
    vm('member', { scalingGroup: 'pool' }),
    vm('aks', { tags: { 'aks-managed-poolName': 'one' } }),
    vm('local', { instanceType: 'Standard_L8s_v3' }),
  ]);
});
after(() => rig.stop());

const stateOf = async (name: string) => (await rig.executor.describe(rig.ref(name)))?.state;

test('deallocates once, under the reversible app, named in the activity log after the decision', async () => {
  const { plan, facts, identity, asset } = await rig.approve('plain', 'stop-instance');
  const log = memoryLog();
  assert.deepEqual(await rig.executor.preflight(plan, facts), []);
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'applied');
  assert.equal(await stateOf('plain'), 'stopped');
  assert.deepEqual(rig.effects('plain'), ['stop']);
  assert.deepEqual([...log.intents.keys()], ['stop']);
  assert.deepEqual([...log.results.keys()], ['stop']);
  const [event] = rig.azure.activity().filter((e) => e.resourceId === asset.assetKey);
  assert.equal(event?.role, 'reversible');
  assert.equal(event?.correlationId, correlationOf('dec-1'));
  const [issued] = log.credentials;
  assert.equal(issued?.['correlationId'], correlationOf('dec-1'));
  assert.equal(issued?.['tokenId'], rig.azure.tokens().at(-1)?.tokenId);
});

test('neither token nor secret is written anywhere, and every change has a token of its own', async () => {
  const before = rig.azure.tokens().length;
  const { plan, facts, identity } = await rig.approve('other-plan', 'stop-instance');
  const log = memoryLog();
  await rig.executor.apply(plan, facts, log, identity);
  assert.ok(rig.azure.tokens().length > before);
  const written = JSON.stringify([log.credentials, [...log.intents], [...log.results]]);
  for (const secret of [...Object.values(SECRETS), 'Bearer', 'eyJ'])
    assert.equal(written.includes(secret), false, secret);
});

test('a decision id that is a UUID is the correlation id itself', () => {
  const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
  assert.equal(correlationOf(id), id);
  assert.match(correlationOf('dec-1'), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a crash between the call and its result is finished by reading', async () => {
  const { plan, facts, identity, asset } = await rig.approve('crash-a', 'stop-instance');
  const log = memoryLog();
  log.crashBeforeResult = 'stop';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  const outcome = await rig.executor.apply(plan, (await rig.executor.describe(asset)) as never, log, identity);
  assert.equal(outcome.result, 'applied');
  assert.deepEqual(rig.effects('crash-a'), ['stop']);
  assert.equal(log.results.get('stop')?.['reconstructed'], true);
});

test('a crash between the INTENT and the call leaves the call to be made, once', async () => {
  const { plan, facts, identity } = await rig.approve('crash-b', 'stop-instance');
  const log = memoryLog();
  log.crashAfterIntent = 'stop';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  assert.deepEqual(rig.effects('crash-b'), []);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects('crash-b'), ['stop']);
});

test('an answer lost after the effect is found out by looking', async () => {
  const { plan, facts, identity } = await rig.approve('lost', 'stop-instance');
  const log = memoryLog();
  rig.simulator.faults.push({ path: 'lost/deallocate', times: 1, kind: 'reset-after-effect' });
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects('lost'), ['stop']);
  assert.equal(log.results.get('stop')?.['answer'], 'lost');
});

test('drift, gone and done by hand are told apart, and nothing is called', async () => {
  const drifted = await rig.approve('drifted', 'stop-instance');
  rig.azure.world.change({ do: 'retag', resourceId: drifted.asset.assetKey, key: 'environment', value: 'prod' });
  const refused = await rig.executor.apply(drifted.plan, drifted.facts, memoryLog(), drifted.identity);
  assert.equal(refused.result, 'blocked-by-drift');
  assert.match(JSON.stringify(refused), /drift:tags.*environment|environment/);

  const gone = await rig.approve('gone', 'stop-instance');
  rig.azure.world.change({ do: 'terminate', resourceId: gone.asset.assetKey });
  assert.equal((await rig.executor.apply(gone.plan, gone.facts, memoryLog(), gone.identity)).result, 'gone');

  const hand = await rig.approve('by-hand', 'stop-instance');
  rig.azure.world.change({ do: 'stop', resourceId: hand.asset.assetKey });
  assert.equal(
    (await rig.executor.apply(hand.plan, hand.facts, memoryLog(), hand.identity)).result,
    'already-satisfied',
  );
  for (const name of ['drifted', 'gone', 'by-hand']) assert.deepEqual(rig.effects(name), []);
});

test('locks, scale sets, clusters and local disks are refused before anything is asked for', async () => {
  const codes = async (name: string, action: 'stop-instance' | 'snapshot-and-terminate-instance') => {
    const { plan, facts } = await rig.approve(name, action);
    return rig.executor.preflight(plan, facts);
  };
  assert.deepEqual(await codes('locked', 'snapshot-and-terminate-instance'), ['preflight:delete_lock']);
  assert.deepEqual(await codes('locked', 'stop-instance'), []);
  assert.deepEqual(await codes('member', 'stop-instance'), ['preflight:scale_set_member']);
  assert.deepEqual(await codes('aks', 'stop-instance'), ['preflight:managed_by_kubernetes']);
  assert.deepEqual(await codes('local', 'stop-instance'), ['preflight:local_disks']);
});

test('facts that are not known are refusals', async () => {
  const { plan, facts } = await rig.approve('back', 'stop-instance');
  const codes = await rig.executor.preflight(plan, {
    ...facts,
    stopProtection: null,
    localDisks: null,
    rootDisk: null,
  } as never);
  assert.deepEqual([...codes].sort(), [
    'preflight:os_disk_not_managed',
    'preflight:unknown:local_disks',
    'preflight:unknown:read_only_lock',
  ]);
});

test('a missing right is a refusal that names it, and the trail has no open end', async () => {
  const { plan, facts, identity } = await rig.approve('denied', 'stop-instance');
  const log = memoryLog();
  rig.azure.deny('Microsoft.Compute/virtualMachines/deallocate/action');
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  rig.azure.deny('Microsoft.Compute/virtualMachines/deallocate/action', false);
  assert.equal(outcome.result, 'blocked-by-preflight');
  assert.deepEqual('reasons' in outcome && outcome.reasons, ['preflight:unauthorised']);
  assert.match(String(outcome.detail['message']), /deallocate\/action/);
  assert.equal(log.results.get('stop')?.['refused'], 'AuthorizationFailed');
  assert.deepEqual(rig.effects('denied'), []);
});

test('a token that ended between issue and call is replaced by another, once', async () => {
  const { plan, facts, identity } = await rig.approve('expired', 'stop-instance');
  const log = memoryLog();
  const issued = log.credentialsIssued;
  let first = true;
  log.credentialsIssued = async (detail) => {
    await issued(detail);
    if (first) rig.azure.expireTokens();
    first = false;
  };
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(log.credentials.length, 2);
  assert.deepEqual(rig.effects('expired'), ['stop']);
});

test('throttled: nothing happened, and a later try does it once', async () => {
  const { plan, facts, identity } = await rig.approve('throttled', 'stop-instance');
  const log = memoryLog();
  rig.simulator.faults.push({ path: 'throttled/deallocate', times: 1, kind: 'rate-limited', retryAfter: 3 });
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), (error: unknown) => {
    assert.ok(isProviderError(error, 'retry-after'));
    assert.equal(error.retryAfterMs, 3000);
    return true;
  });
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects('throttled'), ['stop']);
});

test('with the kill switch thrown before the call nothing is called', async () => {
  const { plan, facts, identity } = await rig.approve('killed', 'stop-instance');
  const log = memoryLog();
  log.killed = () => true;
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Killed);
  assert.deepEqual(rig.effects('killed'), []);
});

test('started again by somebody after our stop: a person decides, we do not stop it a second time', async () => {
  const { plan, facts, identity, asset } = await rig.approve('undone', 'stop-instance');
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  rig.azure.world.start(asset.assetKey, 'jane.ops');
  await new Promise((done) => setTimeout(done, 60));
  const outcome = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(outcome.result, 'needs-human');
  assert.deepEqual(rig.effects('undone'), ['stop']);
});

test('the rollback starts what we stopped, once, and nothing else', async () => {
  const { plan, facts, identity } = await rig.approve('back', 'stop-instance');
  const log = memoryLog();
  assert.equal((await rig.executor.rollback(plan, facts, memoryLog(), identity)).result, 'already-satisfied');
  await rig.executor.apply(plan, facts, log, identity);
  assert.equal((await rig.executor.rollback(plan, null, log, identity)).result, 'rolled-back');
  assert.equal(await stateOf('back'), 'running');
  assert.equal((await rig.executor.rollback(plan, null, log, identity)).result, 'rolled-back');
  assert.deepEqual(rig.effects('back'), ['stop', 'start']);
});

test('off but still billed: deallocated, and not started by a rollback', async () => {
  const { assetKey } = rig.ref('still-billed');
  rig.azure.world.state.allocated = [assetKey];
  rig.azure.world.change({ do: 'stop', resourceId: assetKey });
  await new Promise((done) => setTimeout(done, 60));
  assert.equal(await stateOf('still-billed'), 'stopped-allocated');
  const { plan, facts, identity } = await rig.approve('still-billed', 'stop-instance');
  const log = memoryLog();
  log.crashBeforeResult = 'stop';
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.equal(await stateOf('still-billed'), 'stopped');
  assert.deepEqual(rig.effects('still-billed'), ['stop']);
  const back = await rig.executor.rollback(plan, null, log, identity);
  assert.equal(back.result, 'already-satisfied');
  assert.equal(back.detail['reason'], 'was-not-running-before');
});
