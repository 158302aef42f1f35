import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { balancer, database, disk, REGION, type Rig, SUBSCRIPTION, startRig, vm } from './rig.ts';

const HOUR = 3_600_000;
const NAMES = Array.from({ length: 120 }, (_, i) => `vm-${i}`);
let rig: Rig;

before(async () => {
  rig = await startRig([...NAMES.map((n) => vm(n)), disk('d'), balancer('lb', ['vm-0']), database('db'), vm('off')]);
});
after(() => rig.stop());

const end = Math.floor(Date.now() / HOUR) * HOUR;
const window = (hours: number, periodSeconds = 3600) => ({
  accountId: SUBSCRIPTION,
  region: REGION,
  start: new Date(end - hours * HOUR).toISOString(),
  end: new Date(end).toISOString(),
  periodSeconds,
});
const ask = (name: string, metric: string, statistic: 'Maximum' | 'Average' | 'Sum' | 'Minimum' = 'Maximum') => ({
  asset: rig.ref(name),
  metric,
  statistic,
});

test('fifty machines to a call, on exactly the grid that was asked for, percent as percent', async (t) => {
  const requests = NAMES.flatMap((n) => [ask(n, 'Percentage CPU'), ask(n, 'Network In Total', 'Sum')]);
  const answer = await rig.utilisation.fetch(window(48), requests);
  t.diagnostic(`metrics: ${answer.requests} requests for ${NAMES.length} machines; ${Math.ceil(1000 / 50)} for 1,000`);
  assert.equal(answer.requests, 3);
  assert.equal(answer.series.size, NAMES.length);
  assert.equal(answer.incomplete.size, 0);
  const [cpu, network] = answer.series.get(rig.ref('vm-7').assetKey) ?? [];
  assert.equal(cpu?.unit, 'Percent');
  assert.equal(network?.unit, 'Bytes');
  assert.equal(cpu?.start, window(48).start);
  assert.equal(cpu?.values.length, 48);
  const asset = rig.azure.world.assets.find((a) => a.name === 'vm-7');
  assert.ok(asset);
  const truth = rig.azure.world.estate.metric(asset, {
    metric: 'Percentage CPU',
    statistic: 'Maximum',
    startEpoch: (end - 48 * HOUR) / 1000,
    endEpoch: end / 1000,
    periodSeconds: 3600,
    nowEpoch: Math.floor(Date.now() / 1000),
  });
  assert.deepEqual(cpu?.values, truth);
});

test('every kind is asked under its own namespace; a name that is shown otherwise is found by its id', async () => {
  const answer = await rig.utilisation.fetch(window(24), [
    ask('vm-1', 'Percentage CPU'),
    ask('d', 'Composite Disk Read Operations/sec', 'Average'),
    ask('lb', 'ByteCount', 'Sum'),
    ask('db', 'avg_cpu_percent'),
  ]);
  assert.equal(answer.requests, 4);
  assert.equal(answer.series.size, 4);
  const [cpu] = answer.series.get(rig.ref('db').assetKey) ?? [];
  assert.equal(cpu?.metric, 'avg_cpu_percent');
  assert.ok(cpu?.values.some((v) => v !== null));
});

test('a period without data stays null: a machine that was off, and a metric it does not publish', async () => {
  rig.azure.world.change({ do: 'stop', resourceId: rig.ref('off').assetKey });
  const start = end - HOUR;
  const later = { ...window(1), start: new Date(start).toISOString(), end: new Date(end + 24 * HOUR).toISOString() };
  const answer = await rig.utilisation.fetch(later, [
    ask('off', 'Percentage CPU'),
    ask('vm-2', 'Available Memory Percentage', 'Minimum'),
  ]);
  const [off] = answer.series.get(rig.ref('off').assetKey) ?? [];
  assert.equal(off?.values.length, 25);
  assert.ok(off?.values.slice(2).every((v) => v === null));
  const [memory] = answer.series.get(rig.ref('vm-2').assetKey) ?? [];
  assert.ok(memory?.values.every((v) => v === null));
});

test('what Azure marks as failed is incomplete, and the rest goes on', async () => {
  rig.azure.metrics.codes.set(rig.ref('vm-3').assetKey, 'ResourceForbidden');
  const answer = await rig.utilisation.fetch(window(24), [
    ask('vm-3', 'Percentage CPU'),
    ask('vm-4', 'Percentage CPU'),
  ]);
  rig.azure.metrics.codes.clear();
  assert.equal(answer.incomplete.get(rig.ref('vm-3').assetKey), 'ResourceForbidden');
  assert.equal(answer.series.has(rig.ref('vm-3').assetKey), false);
  assert.equal(answer.series.has(rig.ref('vm-4').assetKey), true);
});

test('a period Azure does not offer is refused before anything is sent', async () => {
  rig.simulator.journal.clear();
  await assert.rejects(rig.utilisation.fetch(window(24, 7200), [ask('vm-1', 'Percentage CPU')]), (error: unknown) =>
    isProviderError(error, 'terminal'),
  );
  assert.equal(rig.simulator.journal.entries().length, 0);
});

test('throttling, missing rights and an unknown metric are told apart', async () => {
  const one = [ask('vm-1', 'Percentage CPU')];
  rig.simulator.faults.push({ path: 'metrics', times: 1, kind: 'rate-limited', retryAfter: 9 });
  await assert.rejects(rig.utilisation.fetch(window(24), one), (error: unknown) => {
    assert.ok(isProviderError(error, 'retry-after'));
    assert.equal(error.retryAfterMs, 9000);
    return true;
  });
  rig.azure.deny('Microsoft.Insights/metrics/read');
  await assert.rejects(rig.utilisation.fetch(window(24), one), (error: unknown) =>
    isProviderError(error, 'unauthorised'),
  );
  rig.azure.deny('Microsoft.Insights/metrics/read', false);
  await assert.rejects(rig.utilisation.fetch(window(24), [ask('vm-1', 'No Such Metric')]), (error: unknown) =>
    isProviderError(error, 'terminal'),
  );
  assert.match(await rig.utilisation.check(), /1 subscription/);
});
