import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateAsset, nominate } from '../../../domain/detection/evaluate.ts';
import { selectOpportunity } from '../../../domain/detection/select-opportunity.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import { balancerMetrics, hourly, loadBalancerFacts, NOW, RULES, recordOf, seeded, volumeFacts } from './fixtures.ts';

const said = (record: AssetRecord) =>
  Object.fromEntries(evaluateAsset(RULES, record, NOW).map((v) => [v.ruleId, v.verdict]));
const proposed = (record: AssetRecord) => selectOpportunity(evaluateAsset(RULES, record, NOW), RULES);
const balancer = (targets: number, type: 'application' | 'network', metrics: MetricSeries[]) =>
  recordOf(loadBalancerFacts({ registeredTargets: targets, loadBalancerType: type }), { metrics });

describe('load that one rule found counts for all that would call the asset idle', () => {
  const random = seeded(11);
  for (const type of ['application', 'network'] as const)
    for (let n = 0; n < 12; n++) {
      const perHour = 10 ** (1 + Math.floor(random() * 5));
      const busyShare = 0.05 + random() * 0.9;
      it(`a ${type} balancer of ${perHour} an hour in ${Math.round(busyShare * 100)} % of hours, empty now`, () => {
        const hours = Array.from({ length: 720 }, () => random() < busyShare);
        const record = balancer(0, type, balancerMetrics({ requests: (i) => (hours[i] ? perHour : 0) }, type));
        assert.deepEqual(said(record), { 'aws-elbv2-no-targets': 'active', 'aws-elbv2-idle-traffic': 'active' });
        assert.equal(proposed(record), null);
        assert.ok(nominate(RULES, record, NOW).every((v) => v.verdict !== 'idle'));
      });
    }
  it('the reason and the figures of the load are those the verdict gives', () => {
    const [targets] = evaluateAsset(RULES, balancer(0, 'application', balancerMetrics({ requests: () => 50 })), NOW);
    assert.deepEqual(targets?.reasons, ['requests-above-threshold']);
    assert.ok(targets?.evidence.some((e) => e.code === 'requests-day' && e.value === 1200));
  });
  it('one that had its load three weeks ago is left alone as well', () => {
    const record = balancer(0, 'application', balancerMetrics({ requests: (i) => (i === 100 ? 5000 : 0) }));
    assert.deepEqual(new Set(Object.values(said(record))), new Set(['undetermined']));
  });
  it('a state is no load: targets that nobody calls, and a balancer that has neither', () => {
    assert.equal(proposed(balancer(3, 'application', balancerMetrics()))?.rule.id, 'aws-elbv2-idle-traffic');
    assert.equal(proposed(balancer(0, 'application', balancerMetrics()))?.rule.id, 'aws-elbv2-no-targets');
    assert.equal(proposed(balancer(0, 'application', []))?.rule.id, 'aws-elbv2-no-targets');
  });
});

describe('connections that stay open', () => {
  for (const type of ['application', 'network'] as const)
    for (const [what, over] of [
      ['one, for weeks', { open: () => 1 }],
      ['forty-two', { open: () => 42 }],
      ['some by day only', { open: (i: number) => (i % 24 > 7 && i % 24 < 20 ? 5 : 0) }],
      ['bytes without any new flow', { bytes: () => 9e9 }],
      ['bytes once a week', { bytes: (i: number) => (i % 168 === 3 ? 6e6 : 0) }],
    ] as const)
      for (const targets of [0, 3])
        it(`${type}, ${targets} targets: ${what}`, () => {
          const record = balancer(targets, type, balancerMetrics(over, type));
          assert.equal(proposed(record), null);
          assert.equal(said(record)['aws-elbv2-idle-traffic'], 'active');
        });
  it('that nobody counted are no sign of idleness', () => {
    for (const metric of ['ActiveConnectionCount', 'ProcessedBytes'])
      assert.equal(
        said(
          balancer(
            3,
            'application',
            balancerMetrics().filter((s) => s.metric !== metric),
          ),
        )['aws-elbv2-idle-traffic'],
        'undetermined',
      );
  });
  it('in a statistic that hides them are not known either', () => {
    const metrics = balancerMetrics().map((s) =>
      s.metric === 'ActiveConnectionCount' ? { ...s, statistic: 'SampleCount' as const } : s,
    );
    assert.equal(said(balancer(3, 'application', metrics))['aws-elbv2-idle-traffic'], 'undetermined');
  });
});

/** Disks report only while attached, in every cloud. */
describe('a volume attached to nothing', () => {
  const judged = (value: (hoursBack: number) => number | null, days = 33) =>
    evaluateAsset(
      RULES,
      recordOf(volumeFacts(), {
        metrics: ['VolumeReadOps', 'VolumeWriteOps'].map((m) => hourly(m, (i) => value(days * 24 - i), { days })),
      }),
      NOW,
    ).find((v) => v.ruleId === 'aws-ebs-volume-unattached');
  for (const daysAgo of [0, 1, 2, 5, 9, 13])
    for (const operations of [0, 1, 5000])
      it(`that had ${operations} operations an hour until ${daysAgo} days ago is not idle yet`, () => {
        const v = judged((back) => (back > daysAgo * 24 ? operations : null));
        assert.equal(v?.verdict, 'undetermined');
        assert.ok(v?.reasons.some((r) => r === 'attached-recently' || r === 'used-recently'));
      });
  for (const daysAgo of [14, 20, 31, 40])
    it(`that has been silent for ${daysAgo} days is`, () =>
      assert.equal(judged((back) => (back > daysAgo * 24 ? 0 : null))?.verdict, 'idle'));
  it('that was asked about for a week only is not trusted far', () => {
    const v = judged(() => null, 7);
    assert.ok(v?.reasons.includes('detached-since-unknown') && v.confidence === 75, JSON.stringify(v));
  });
  it('nominated by a silent week, and not by a day of it', () => {
    const nominated = (silentDays: number) =>
      nominate(
        RULES,
        recordOf(volumeFacts(), {
          metrics: ['VolumeReadOps', 'VolumeWriteOps'].map((m) =>
            hourly(m, (i) => (7 * 24 - i > silentDays * 24 ? 0 : null), { days: 7 }),
          ),
        }),
        NOW,
      ).find((v) => v.ruleId === 'aws-ebs-volume-unattached')?.verdict;
    assert.equal(nominated(7), 'idle');
    assert.equal(nominated(1), 'undetermined');
  });
});
