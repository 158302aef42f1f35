import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { buildScaleEstate } from '../../../sandbox/estate/scale.ts';
import type { Archetype, Estate, MetricGenerator, SeededAsset } from '../../../sandbox/estate/types.ts';

const NOW = Date.UTC(2026, 0, 15, 9) / 1000;
const DAY = 86_400;
const estate = buildEstate({ seed: 7, now: NOW });
type Statistic = Parameters<MetricGenerator>[1]['statistic'];

function read(
  of: Estate,
  asset: SeededAsset,
  ask: { metric: string; statistic: Statistic; days: number; period?: number },
) {
  return of.metric(asset, {
    metric: ask.metric,
    statistic: ask.statistic,
    startEpoch: of.seededAt - ask.days * DAY,
    endEpoch: of.seededAt,
    periodSeconds: ask.period ?? 3600,
    nowEpoch: of.seededAt,
  });
}
const present = (values: readonly (number | null)[]) => values.filter((v) => v !== null);
const maxOf = (values: readonly (number | null)[]) => Math.max(...present(values));
const all = (archetype: Archetype) => {
  const found = estate.assets.filter((a) => a.archetype === archetype);
  assert.ok(found.length > 0, archetype);
  return found;
};

test('idle: CPU peaks below 3 % and less than 5 MB a day both ways', () => {
  for (const a of estate.assets.filter((x) => x.trulyIdle && x.instance)) {
    assert.ok(maxOf(read(estate, a, { metric: 'CPUUtilization', statistic: 'Maximum', days: 30 })) < 3, a.name);
    const [incoming, outgoing] = (['NetworkIn', 'NetworkOut'] as const).map((metric) =>
      maxOf(read(estate, a, { metric, statistic: 'Sum', days: 30, period: DAY })),
    ) as [number, number];
    assert.ok(incoming + outgoing < 5_000_000, `${a.name} ${incoming + outgoing}`);
  }
});

test('spiky: the mean is below 5 % and a 7-day window shows a peak of 70 to 99 %', () => {
  for (const a of all('spiky-load')) {
    const mean = present(read(estate, a, { metric: 'CPUUtilization', statistic: 'Average', days: 7 }));
    assert.ok(mean.reduce((x, y) => x + y, 0) / mean.length < 5, a.name);
    const peak = maxOf(read(estate, a, { metric: 'CPUUtilization', statistic: 'Maximum', days: 7 }));
    assert.ok(peak >= 70 && peak <= 99, `${a.name} ${peak}`);
  }
});

test('weekly: busy on exactly one weekday', () => {
  for (const a of all('weekly-load')) {
    const days = read(estate, a, { metric: 'CPUUtilization', statistic: 'Maximum', days: 28, period: DAY });
    const busy = days.flatMap((v, i) => (v !== null && v > 15 ? [i % 7] : []));
    // Days that do not start at midnight cut the busy day in two.
    assert.ok(new Set(busy).size <= 2 && busy.length >= 4, `${a.name} ${busy}`);
  }
});

test('month-end: any 30 days show it, whatever the date; mid-month the last 7 days do not', () => {
  for (let day = 0; day < 366; day++) {
    const now = NOW + day * DAY;
    const then = buildEstate({ seed: 7, now });
    const asset = then.assets.find((a) => a.archetype === 'month-end-load') as SeededAsset;
    const peak = maxOf(read(then, asset, { metric: 'CPUUtilization', statistic: 'Maximum', days: 30 }));
    assert.ok(peak > 15, new Date(now * 1000).toISOString());
  }
  for (const a of all('month-end-load'))
    assert.ok(maxOf(read(estate, a, { metric: 'CPUUtilization', statistic: 'Maximum', days: 7 })) < 3);
});

test('no data where there is no agent; about half of it missing where the agent is flaky, hourly and daily', () => {
  for (const a of all('no-metrics'))
    assert.equal(present(read(estate, a, { metric: 'CPUUtilization', statistic: 'Maximum', days: 14 })).length, 0);
  for (const a of all('half-metrics'))
    for (const period of [3600, DAY]) {
      const values = read(estate, a, { metric: 'CPUUtilization', statistic: 'Maximum', days: 30, period });
      const share = present(values).length / values.length;
      assert.ok(share > 0.25 && share < 0.8, `${a.name} ${period} ${share}`);
    }
});

test('nothing before the asset was created and nothing after now', () => {
  for (const a of all('new')) {
    const values = read(estate, a, { metric: 'CPUUtilization', statistic: 'Maximum', days: 14 });
    assert.equal(present(values).length, 3 * 24);
    assert.equal(values[0], null);
  }
  const web = estate.assets.find((a) => a.name === 'web-1') as SeededAsset;
  const ahead = estate.metric(web, {
    metric: 'CPUUtilization',
    statistic: 'Maximum',
    startEpoch: NOW,
    endEpoch: NOW + DAY,
    periodSeconds: 3600,
    nowEpoch: NOW + 6 * 3600,
  });
  assert.equal(present(ahead).length, 6);
});

test('periods agree: a day’s sum is the sum of its hours and its maximum their maximum', () => {
  const web = estate.assets.find((a) => a.name === 'web-1') as SeededAsset;
  const ask = (metric: string, statistic: Statistic, period: number) =>
    read(estate, web, { metric, statistic, days: 1, period });
  const hours = present(ask('NetworkIn', 'Sum', 3600));
  const fives = present(ask('NetworkIn', 'Sum', 300));
  const day = ask('NetworkIn', 'Sum', DAY)[0] as number;
  for (const parts of [hours, fives]) assert.ok(Math.abs(parts.reduce((x, y) => x + y, 0) / day - 1) < 1e-9);
  assert.equal(fives.length, 288);
  assert.equal(maxOf(ask('CPUUtilization', 'Maximum', 3600)), ask('CPUUtilization', 'Maximum', DAY)[0]);
});

test('an asset made busy is busy from that moment and not before', () => {
  const then = buildEstate({ seed: 7, now: NOW });
  const asset = then.assets.find((a) => a.archetype === 'idle-busy-after-approval') as SeededAsset;
  then.busySince.set(asset.name, NOW - 3600);
  const values = read(then, asset, { metric: 'CPUUtilization', statistic: 'Maximum', days: 1, period: 300 });
  assert.ok(maxOf(values.slice(0, -13)) < 3);
  assert.ok(Math.min(...present(values.slice(-12))) > 15);
});

test('unused load balancers see no or almost no requests, busy ones many', () => {
  const perDay = (a: SeededAsset) =>
    maxOf(read(estate, a, { metric: 'RequestCount', statistic: 'Sum', days: 14, period: DAY }));
  for (const a of all('targetless-load-balancer')) assert.equal(perDay(a), 0);
  for (const a of all('idle-load-balancer')) assert.ok(perDay(a) < 10, `${perDay(a)}`);
  for (const a of all('busy-load-balancer').filter((x) => x.loadBalancer?.type === 'application'))
    assert.ok(perDay(a) > 1000);
});

test('a thousand instances × three metrics × 720 points take well under two seconds', () => {
  const scale = buildScaleEstate(1000, { now: NOW });
  const share = scale.assets.filter((a) => a.trulyIdle).length / 1000;
  assert.ok(share > 0.1 && share < 0.2, `${share}`);
  const start = performance.now();
  for (const a of scale.assets)
    for (const metric of ['CPUUtilization', 'NetworkIn', 'NetworkOut'])
      assert.equal(read(scale, a, { metric, statistic: 'Maximum', days: 30 }).length, 720);
  assert.ok(performance.now() - start < 2000, `${performance.now() - start} ms`);
});
