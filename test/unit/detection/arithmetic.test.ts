import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dayInMonth, dayOf, isMonthEdge, seesMonthTurn } from '../../../domain/detection/calendar.ts';
import { requiredForAll, requiredMetrics } from '../../../domain/detection/required-metrics.ts';
import { quantile } from '../../../domain/detection/select.ts';
import { summarise } from '../../../domain/detection/summarise.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';
import { hourly, NOW, quietCpu, RULES, ruleOf, seeded } from './fixtures.ts';

const at = (iso: string) => Date.parse(iso) / 1000;

describe('the calendar', () => {
  it('agrees with Date on every day from 1970 to 2105, leap days included', () => {
    for (let day = 0; day < 49_400; day++) {
      const date = new Date(day * 86_400_000);
      const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
      assert.deepEqual(dayInMonth(day), { dayOfMonth: date.getUTCDate(), monthLength: length });
    }
  });
  it('29 February is the end of a month, 28 February of a leap year with one day to go is, too', () => {
    const edge = (iso: string, n: number) => isMonthEdge(dayOf(at(iso)), n);
    assert.equal(edge('2028-02-29T10:00:00Z', 1), true);
    assert.equal(edge('2028-02-28T10:00:00Z', 1), false);
    assert.equal(edge('2027-02-28T10:00:00Z', 1), true);
    assert.equal(edge('2026-05-03T10:00:00Z', 3), true);
    assert.equal(edge('2026-05-04T10:00:00Z', 3), false);
  });
  it('a month turn is seen only with both whole days in the window', () => {
    assert.equal(seesMonthTurn(at('2026-04-30T00:00:00Z'), at('2026-05-02T00:00:00Z')), true);
    assert.equal(seesMonthTurn(at('2026-04-30T01:00:00Z'), at('2026-05-02T00:00:00Z')), false);
    assert.equal(seesMonthTurn(at('2026-04-30T00:00:00Z'), at('2026-05-01T23:00:00Z')), false);
    assert.equal(seesMonthTurn(at('2026-05-02T00:00:00Z'), at('2026-05-30T00:00:00Z')), false);
  });
});

describe('quantiles', () => {
  it('are the nearest rank of the sorted samples, for 2,000 seeded series', () => {
    const random = seeded(7);
    for (let run = 0; run < 2000; run++) {
      const n = 1 + Math.floor(random() * 60);
      const values = Float64Array.from({ length: n }, () => Math.floor(random() * 10));
      const sorted = [...values].sort((a, b) => a - b);
      for (const q of [0, 0.5, 0.95, 0.99, 1]) {
        const rank = Math.max(0, Math.ceil(q * n - 1e-9) - 1);
        assert.equal(quantile(Float64Array.from(values), n, q), sorted[rank]);
      }
    }
  });
});

describe('a summary', () => {
  const windows = { nominationDays: 7, confidenceDays: 14, extendedDays: 30, lookbackDays: 33 };
  it('ignores the period that is still running and samples after the end', () => {
    const series = hourly('CPUUtilization', (i) => (i >= 720 ? 99 : 1), { days: 31, end: '2026-05-23T12:00:00.000Z' });
    const s = summarise(series, at('2026-05-22T12:40:00Z'), windows);
    assert.equal(s.confidence.max, 1);
    assert.equal(s.confidence.ratio, 1);
  });
  it('keeps the grid of a series that does not start on the hour', () => {
    const series = { ...hourly('CPUUtilization', () => 1), start: '2026-04-22T12:17:00.000Z' };
    const s = summarise(series, at('2026-05-22T12:17:00Z'), windows);
    assert.equal(s.extended.observed, 720);
  });
  it('is the same whatever zone the process runs in: a daylight-saving night has 24 blocks like any other', () => {
    const before = process.env['TZ'];
    const results = ['UTC', 'America/New_York', 'Australia/Lord_Howe'].map((zone) => {
      process.env['TZ'] = zone;
      const series = hourly('CPUUtilization', quietCpu, { end: '2026-04-05T16:00:00.000Z' });
      return JSON.stringify(summarise(series, at('2026-04-05T16:00:00Z'), windows));
    });
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
    assert.equal(new Set(results).size, 1);
  });
  it('counts a trailing gap in hours whatever the period', () => {
    const series = hourly('CPUUtilization', (i) => (i >= 30 * 288 - 24 ? null : 1), { periodSeconds: 300 });
    assert.equal(summarise(series, at(NOW), windows).confidence.trailingGapHours, 2);
  });
  it('of daily samples has one slot a day', () => {
    const s = summarise(
      hourly('CPUUtilization', () => 2, { periodSeconds: 86_400 }),
      at(NOW),
      windows,
    );
    assert.equal(s.confidence.expected, 14);
    assert.equal(s.confidence.ratio, 1);
  });
});

describe('what must be fetched', () => {
  it('is a week to nominate and a month and a bit to decide', () => {
    assert.equal(requiredMetrics(ruleOf('instance-idle'), 'nomination').days, 7);
    assert.equal(requiredMetrics(ruleOf('instance-idle'), 'confidence').days, 33);
  });
  it('names each series once for all rules, and only those of the asset', () => {
    const need = (resourceType: ResourceType, assetKey: string) =>
      requiredForAll(RULES, 'confidence', { resourceType, assetKey }).metrics.map((m) => m.metric);
    assert.deepEqual(need('AWS::EC2::Instance', 'arn:x'), [
      'CPUUtilization',
      'NetworkIn',
      'NetworkOut',
      'mem_used_percent',
    ]);
    const type = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
    assert.deepEqual(need(type, 'arn:aws:elasticloadbalancing:r:1:loadbalancer/net/x/1'), [
      'NewFlowCount',
      'ActiveFlowCount',
      'ProcessedBytes',
    ]);
    assert.deepEqual(need('AWS::EC2::EIP', 'arn:x'), []);
  });
});
