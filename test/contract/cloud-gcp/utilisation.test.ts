import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { database, disk, PROJECT, REGION, type Rig, startRig, vm } from './rig.ts';

const HOUR = 3_600_000;
const CPU = 'compute.googleapis.com/instance/cpu/utilization';
const BYTES = 'compute.googleapis.com/instance/network/received_bytes_count';
const MEMORY = 'agent.googleapis.com/memory/percent_used';
const NAMES = Array.from({ length: 120 }, (_, i) => `vm-${i}`);
let rig: Rig;

before(async () => {
  rig = await startRig([...NAMES.map((n) => vm(n)), disk('d', 'vm-0'), database('db'), vm('off')]);
});
after(() => rig.stop());

const end = Math.floor(Date.now() / HOUR) * HOUR;
const window = (hours: number, periodSeconds = 3600) => ({
  accountId: PROJECT,
  region: REGION,
  start: new Date(end - hours * HOUR).toISOString(),
  end: new Date(end).toISOString(),
  periodSeconds,
});
const ask = (name: string, metric: string, statistic: 'Maximum' | 'Average' | 'Sum' = 'Maximum') => ({
  asset: rig.ref(name),
  metric,
  statistic,
});
const truthOf = (name: string, metric: string, statistic: 'Maximum' | 'Sum', hours: number) => {
  const asset = rig.gcp.world.assets.find((a) => a.name === name);
  assert.ok(asset);
  return rig.gcp.world.estate.metric(asset, {
    metric,
    statistic,
    startEpoch: (end - hours * HOUR) / 1000,
    endEpoch: end / 1000,
    periodSeconds: 3600,
    nowEpoch: Math.floor(Date.now() / 1000),
  });
};
const close = (found: readonly (number | null)[] | undefined, truth: readonly (number | null)[]) => {
  assert.equal(found?.length, truth.length);
  truth.forEach((value, i) => {
    const own = found?.[i] ?? null;
    if (value === null || own === null) assert.equal(own, value, `period ${i}`);
    else assert.ok(Math.abs(own - value) < 1e-6, `period ${i}: ${own} is not ${value}`);
  });
};

test('many machines to a call, on exactly the grid that was asked for, percent as percent', async (t) => {
  const requests = NAMES.flatMap((n) => [ask(n, CPU), ask(n, BYTES, 'Sum')]);
  const answer = await rig.utilisation.fetch(window(48), requests);
  const thousand = Array.from({ length: 1000 }, (_, i) => {
    const asset = rig.ref('vm-0');
    const assetKey = asset.assetKey.replace(/[^/]+$/, `payments-worker-${i}`);
    return { asset: { ...asset, assetKey, resourceId: assetKey }, metric: CPU, statistic: 'Maximum' as const };
  });
  const { requests: forThousand } = await rig.utilisation.fetch(window(336), thousand);
  t.diagnostic(`metrics: ${answer.requests} requests for two of ${NAMES.length}; ${forThousand} a metric for 1,000`);
  assert.ok(answer.requests <= 4);
  assert.ok(forThousand <= 25);
  assert.equal(answer.series.size, NAMES.length);
  assert.equal(answer.incomplete.size, 0);
  const [cpu, network] = answer.series.get(rig.ref('vm-7').assetKey) ?? [];
  assert.equal(cpu?.unit, 'Percent');
  assert.equal(network?.unit, 'Bytes');
  assert.equal(cpu?.start, window(48).start);
  close(cpu?.values, truthOf('vm-7', CPU, 'Maximum', 48));
  close(network?.values, truthOf('vm-7', BYTES, 'Sum', 48));
});

test('a series that goes on over pages is put together', async () => {
  rig.gcp.metrics.pagePoints = 100;
  const answer = await rig.utilisation.fetch(
    window(48),
    NAMES.slice(0, 9).map((n) => ask(n, CPU)),
  );
  rig.gcp.metrics.pagePoints = 100_000;
  assert.equal(answer.requests, 5);
  close(answer.series.get(rig.ref('vm-8').assetKey)?.[0]?.values, truthOf('vm-8', CPU, 'Maximum', 48));
});

test('every kind is found under its own label', async () => {
  const answer = await rig.utilisation.fetch(window(24), [
    ask('vm-1', CPU),
    ask('d', 'compute.googleapis.com/instance/disk/read_ops_count', 'Sum'),
    ask('db', 'cloudsql.googleapis.com/database/cpu/utilization'),
    ask('db', 'cloudsql.googleapis.com/database/network/connections'),
  ]);
  assert.equal(answer.requests, 4);
  assert.equal(answer.series.size, 3);
  const [cpu, connections] = answer.series.get(rig.ref('db').assetKey) ?? [];
  assert.ok(cpu?.values.some((v) => v !== null && v > 0.01 && v <= 100));
  assert.equal(connections?.unit, 'Count');
  assert.ok(answer.series.get(rig.ref('d').assetKey)?.[0]?.values.some((v) => v !== null));
});

test('a period without data stays null: a machine that was off, and a metric it does not publish', async () => {
  rig.gcp.world.change({ do: 'stop', resourceId: rig.ref('off').assetKey });
  const later = { ...window(1), end: new Date(end + 24 * HOUR).toISOString() };
  const answer = await rig.utilisation.fetch(later, [ask('off', CPU), ask('vm-2', MEMORY)]);
  const [off] = answer.series.get(rig.ref('off').assetKey) ?? [];
  assert.equal(off?.values.length, 25);
  assert.ok(off?.values.slice(2).every((v) => v === null));
  const [memory] = answer.series.get(rig.ref('vm-2').assetKey) ?? [];
  assert.ok(memory?.values.length === 25 && memory.values.every((v) => v === null));
});

test('a metric that nothing has ever written is no data, not an error', async () => {
  const answer = await rig.utilisation.fetch(window(24), [ask('vm-1', 'agent.googleapis.com/never/written')]);
  assert.ok(answer.series.get(rig.ref('vm-1').assetKey)?.[0]?.values.every((v) => v === null));
});

test('an answer that Google marks as partial is incomplete', async () => {
  rig.gcp.metrics.executionError = 'deadline exceeded in one shard';
  const answer = await rig.utilisation.fetch(window(24), [ask('vm-3', CPU)]);
  rig.gcp.metrics.executionError = null;
  assert.match(answer.incomplete.get(rig.ref('vm-3').assetKey) ?? '', /deadline/);
  assert.equal(answer.series.has(rig.ref('vm-3').assetKey), false);
});

test('throttling and missing rights are told apart', async () => {
  const one = [ask('vm-1', CPU)];
  rig.simulator.faults.push({ path: 'timeSeries', times: 1, kind: 'rate-limited', retryAfter: 9 });
  await assert.rejects(rig.utilisation.fetch(window(24), one), (error: unknown) => {
    assert.ok(isProviderError(error, 'retry-after'));
    assert.equal(error.retryAfterMs, 9000);
    return true;
  });
  rig.gcp.deny('monitoring.timeSeries.list');
  await assert.rejects(rig.utilisation.fetch(window(24), one), (error: unknown) =>
    isProviderError(error, 'unauthorised'),
  );
  rig.gcp.deny('monitoring.timeSeries.list', false);
  assert.match(await rig.utilisation.check(), /1 project/);
});
