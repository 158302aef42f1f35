import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ActionResult } from '../../../ports/cloud.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { GcpAccount } from '../../../sandbox/gcp/index.ts';
import { Crash, memoryLog } from '../executor/memory-log.ts';
import { disk, REGION, type Rig, startRig, vm } from './rig.ts';

const PLAIN = Array.from({ length: 30 }, (_, i) => `m${i}`);
let rig: Rig;
let next = 0;
const fresh = () => PLAIN[next++] as string;
const reasons = (result: ActionResult) => ('reasons' in result ? result.reasons : []);

before(async () => {
  rig = await startRig([
    ...PLAIN.map((n) => vm(n)),
    vm('protected', { deletionProtection: true }),
    vm('grouped', { scalingGroup: 'mig-web' }),
    vm('terraformed', { tags: { 'goog-terraform-provisioned': 'true' } }),
    vm('ephemeral', { publicIp: true }),
    vm('two', { extraVolumesGiB: [30] }),
    disk('kept', 'two'),
  ]);
});
after(() => rig.stop());

async function stopped(name: string, log = memoryLog()) {
  const { plan, facts, identity } = await rig.approve(name, 'stop-instance');
  return { log, plan, facts, identity, result: await rig.executor.apply(plan, facts, log, identity) };
}

test('stop: applied under a short token of the reversible account, named in the audit log; rolled back', async () => {
  const name = fresh();
  const { log, plan, facts, identity, result } = await stopped(name);
  assert.equal(result.result, 'applied');
  assert.deepEqual(rig.effects(name), ['stop']);
  const event = rig.gcp.audit().find((e) => e.resourceName.endsWith(`/${name}`));
  assert.equal(event?.principal, GcpAccount.reversible);
  assert.equal(event?.reason, 'idlewise dec-1 stop');
  assert.equal(log.credentials[0]?.['serviceAccount'], GcpAccount.reversible);
  const everything = JSON.stringify([...log.credentials, ...log.intents.values(), ...log.results.values(), result]);
  for (const { token } of rig.gcp.tokens()) assert.ok(!everything.includes(token), 'no token in the trail');
  const back = await rig.executor.rollback(plan, facts, log, identity);
  assert.equal(back.result, 'rolled-back');
  assert.deepEqual(rig.effects(name), ['stop', 'start']);
});

for (const crash of ['crashAfterIntent', 'crashBeforeResult'] as const)
  test(`stop: a process that dies (${crash}) and comes back stops once`, async () => {
    const name = fresh();
    const { plan, facts, identity } = await rig.approve(name, 'stop-instance');
    const log = memoryLog();
    log[crash] = 'stop';
    await assert.rejects(rig.executor.apply(plan, facts, log, identity), Crash);
    const result = await rig.executor.apply(plan, facts, log, identity);
    assert.equal(result.result, 'applied');
    assert.deepEqual(rig.effects(name), ['stop']);
  });

test('stop: an answer lost after the effect is found by looking', async () => {
  const name = fresh();
  rig.simulator.faults.push({ path: `/${name}/stop`, times: 1, kind: 'reset-after-effect' });
  const { result } = await stopped(name);
  assert.equal(result.result, 'applied');
  assert.deepEqual(rig.effects(name), ['stop']);
});

test('stop: throttled is for later, and later it is done once', async () => {
  const name = fresh();
  const { plan, facts, identity } = await rig.approve(name, 'stop-instance');
  const log = memoryLog();
  rig.simulator.faults.push({ path: `/${name}/stop`, times: 1, kind: 'rate-limited', retryAfter: 3 });
  await assert.rejects(rig.executor.apply(plan, facts, log, identity), (e: unknown) =>
    isProviderError(e, 'retry-after'),
  );
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects(name), ['stop']);
});

test('stop: a request repeated under its id is the same operation, not a second one', async () => {
  const name = fresh();
  const { accountId: project } = rig.ref(name);
  const change = { projectId: project, role: 'reversible', api: 'compute', headers: {} } as const;
  const requestId = '6f1c2a6e-0000-4000-8000-000000000001';
  const ask = { project, zone: `${REGION}-b`, instance: name, requestId };
  const { session } = await rig.executing.changing(change);
  const first = await session.compute.instances.stop(ask);
  const second = await session.compute.instances.stop(ask);
  assert.equal(second.data.name, first.data.name);
  assert.deepEqual(rig.effects(name), ['stop']);
  session.destroy();
  assert.throws(() => session.compute);
  await assert.rejects(rig.clients.changing(change), (e: unknown) => isProviderError(e, 'unauthorised'));
});

test('a token for one API does not open the other, and the reversible account deletes nothing', async () => {
  const name = fresh();
  const { accountId: projectId } = rig.ref(name);
  const { session } = await rig.executing.changing({ projectId, role: 'reversible', api: 'sql', headers: {} });
  const at = { project: projectId, zone: `${REGION}-b`, instance: name };
  await assert.rejects(session.compute.instances.stop(at), /scopes/);
  const { session: other } = await rig.executing.changing({
    projectId,
    role: 'reversible',
    api: 'compute',
    headers: {},
  });
  await assert.rejects(other.compute.instances.delete(at), /compute\.instances\.delete/);
  assert.deepEqual(rig.effects(name), []);
});

test('stop: done by hand before is satisfied, gone is gone, changed is drift', async () => {
  const [byHand, removed, changed] = [fresh(), fresh(), fresh()];
  const plans = await Promise.all([byHand, removed, changed].map((n) => rig.approve(n, 'stop-instance')));
  rig.gcp.world.change({ do: 'stop', resourceId: rig.ref(byHand).assetKey });
  rig.gcp.world.change({ do: 'terminate', resourceId: rig.ref(removed).assetKey });
  rig.gcp.world.change({ do: 'retag', resourceId: rig.ref(changed).assetKey, key: 'environment', value: 'prod' });
  const results = await Promise.all(
    plans.map(({ plan, facts, identity }) => rig.executor.apply(plan, facts, memoryLog(), identity)),
  );
  assert.deepEqual(
    results.map((r) => r.result),
    ['already-satisfied', 'gone', 'blocked-by-drift'],
  );
  assert.deepEqual(reasons(results[2] as ActionResult), ['drift:tags.environment']);
  for (const name of [byHand, removed, changed]) assert.deepEqual(rig.effects(name), []);
});

test('pre-flight names what must not be touched', async () => {
  const codes = async (name: string, action: Parameters<Rig['approve']>[1], parameters = {}) => {
    const { plan, facts } = await rig.approve(name, action, parameters);
    return rig.executor.preflight(plan, facts);
  };
  assert.deepEqual(await codes('grouped', 'stop-instance'), [
    'preflight:instance_group_member',
    'preflight:lb_target_registered',
  ]);
  assert.deepEqual(await codes('terraformed', 'stop-instance'), ['preflight:managed_by_terraform']);
  assert.deepEqual(await codes('protected', 'stop-instance'), []);
  assert.deepEqual(await codes('protected', 'snapshot-and-terminate-instance'), ['preflight:deletion_protection']);
  const target = { targetInstanceType: 'n2-standard-2', currentInstanceType: 'n2-standard-4' };
  assert.deepEqual(await codes('ephemeral', 'resize-instance', target), ['preflight:ephemeral_external_ip']);
  assert.deepEqual(await codes(fresh(), 'resize-instance', { targetInstanceType: 'e2-standard-2' }), [
    'preflight:resize_family',
  ]);
  assert.deepEqual(await codes(fresh(), 'resize-instance', { targetInstanceType: 'n2-standard-3' }), [
    'preflight:unknown:resize_shape',
  ]);
});

test('denied by its role, or by the right to act as it: nothing is touched', async () => {
  const name = fresh();
  rig.gcp.deny('compute.instances.stop');
  const { result } = await stopped(name);
  rig.gcp.deny('compute.instances.stop', false);
  assert.equal(result.result, 'blocked-by-preflight');
  assert.deepEqual(reasons(result), ['preflight:unauthorised']);
  const { plan, facts, identity } = await rig.approve(name, 'stop-instance');
  rig.gcp.deny('iam.serviceAccounts.getAccessToken');
  const other = await rig.executor.apply(plan, facts, memoryLog(), identity);
  rig.gcp.deny('iam.serviceAccounts.getAccessToken', false);
  assert.deepEqual(reasons(other), ['preflight:unauthorised']);
  assert.deepEqual(rig.effects(name), []);
});

test('resize: stop, set, start; and back again on request', async () => {
  const name = fresh();
  const target = { targetInstanceType: 'n2-standard-2', currentInstanceType: 'n2-standard-4' };
  const { plan, facts, identity } = await rig.approve(name, 'resize-instance', target);
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects(name), ['stop', 'resize', 'start']);
  assert.equal((await rig.executor.rollback(plan, facts, log, identity)).result, 'rolled-back');
  assert.equal(rig.gcp.world.find(rig.ref(name).assetKey)?.size, 'n2-standard-4');
});

test('resize: no capacity for the new size brings the old one back by itself', async () => {
  const name = fresh();
  const target = { targetInstanceType: 'n2-standard-2', currentInstanceType: 'n2-standard-4' };
  const { plan, facts, identity } = await rig.approve(name, 'resize-instance', target);
  rig.gcp.world.change({ do: 'no-capacity', resourceId: rig.ref(name).assetKey });
  const result = await rig.executor.apply(plan, facts, memoryLog(), identity);
  assert.equal(result.result, 'rolled-back');
  assert.deepEqual(reasons(result), ['start:zone_resource_pool_exhausted']);
  assert.deepEqual(rig.effects(name), ['stop', 'resize', 'resize', 'start']);
  assert.equal(rig.gcp.world.find(rig.ref(name).assetKey)?.size, 'n2-standard-4');
});

test('resize: the kill switch between two steps parks it for a person', async () => {
  const name = fresh();
  const target = { targetInstanceType: 'n2-standard-2', currentInstanceType: 'n2-standard-4' };
  const { plan, facts, identity } = await rig.approve(name, 'resize-instance', target);
  const log = memoryLog();
  log.killed = (l) => l.results.has('stop');
  const result = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(result.result, 'needs-human');
  assert.ok(reasons(result).includes('kill-switch'));
  assert.deepEqual(rig.effects(name), ['stop']);
});

test('terminate: two phases, every disk copied, deleted under the destructive account', async () => {
  const { plan, facts, identity } = await rig.approve('two', 'snapshot-and-terminate-instance');
  const log = memoryLog();
  const prepared = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(prepared.result, 'prepared');
  assert.equal(rig.gcp.world.state.snapshots.filter((s) => !s.gone).length, 3);
  const again = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(again.result, 'prepared');
  assert.equal(rig.gcp.world.state.snapshots.length, 3);
  log.crashBeforeResult = 'terminate';
  await assert.rejects(rig.executor.complete(plan, facts, log, identity), Crash);
  assert.equal((await rig.executor.complete(plan, null, log, identity)).result, 'applied');
  assert.deepEqual(rig.effects('two'), ['stop', 'delete']);
  assert.ok(rig.gcp.world.find(rig.ref('kept').assetKey), 'a disk that is set to stay stays');
  const deletion = rig.gcp.audit().find((e) => e.methodName.endsWith('instances.delete'));
  assert.equal(deletion?.principal, GcpAccount.destructive);
  const back = await rig.executor.rollback(plan, null, log, identity);
  assert.deepEqual(reasons(back), ['restore-by-hand']);
});

test('terminate: a snapshot that fails ends before anything is deleted', async () => {
  const name = fresh();
  const { plan, facts, identity } = await rig.approve(name, 'snapshot-and-terminate-instance');
  rig.gcp.world.state.snapshotFails.push(rig.ref(name).assetKey.replace(/instances\/.*$/, `disks/${name}-os`));
  const log = memoryLog();
  const result = await rig.executor.apply(plan, facts, log, identity);
  assert.equal(result.result, 'needs-human');
  assert.match(reasons(result)[0] ?? '', /^snapshot:failed:/);
  const later = await rig.executor.complete(plan, facts, log, identity);
  assert.equal(later.result, 'needs-human');
  assert.deepEqual(rig.effects(name), ['stop']);
});

test('terminate: started again during the hold is drift, and stays', async () => {
  const name = fresh();
  const { plan, facts, identity } = await rig.approve(name, 'snapshot-and-terminate-instance');
  const log = memoryLog();
  assert.equal((await rig.executor.apply(plan, facts, log, identity)).result, 'prepared');
  rig.gcp.world.start(rig.ref(name).assetKey, 'jane.ops');
  await new Promise((r) => setTimeout(r, 60));
  const result = await rig.executor.complete(plan, facts, log, identity);
  assert.equal(result.result, 'blocked-by-drift');
  assert.ok(rig.gcp.world.find(rig.ref(name).assetKey));
});

test('a suspended machine is stopped, is never resized, and is not started by a rollback', async () => {
  const name = fresh();
  rig.gcp.suspended.add(rig.ref(name).assetKey);
  const resize = await rig.approve(name, 'resize-instance', { targetInstanceType: 'n2-standard-2' });
  assert.ok((await rig.executor.preflight(resize.plan, resize.facts)).includes('preflight:suspended'));
  const { log, plan, facts, identity, result } = await stopped(name);
  assert.equal(facts.state, 'suspended');
  assert.equal(result.result, 'applied');
  assert.equal((await rig.executor.rollback(plan, facts, log, identity)).result, 'already-satisfied');
});
