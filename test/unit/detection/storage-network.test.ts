import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateRule } from '../../../domain/detection/evaluate.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import {
  addressFacts,
  balancerMetrics,
  hourly,
  instance,
  loadBalancerFacts,
  NOW,
  recordOf,
  ruleOf,
  volumeFacts,
} from './fixtures.ts';

const created = (record: AssetRecord, createdAt: string | null): AssetRecord => ({
  ...record,
  asset: { ...record.asset, createdAt },
});

describe('a volume attached to nothing', () => {
  const judge = (record: AssetRecord) => evaluateRule(ruleOf('volume-unattached'), record, NOW);
  const ops = (value: (i: number) => number | null) => [
    hourly('VolumeReadOps', value),
    hourly('VolumeWriteOps', () => null),
  ];
  it('is waste after a silent fortnight', () => {
    const v = judge(recordOf(volumeFacts(), { metrics: ops(() => null) }));
    assert.equal(v.verdict, 'idle');
    assert.ok(v.confidence >= 95);
  });
  it('is trusted less when nobody can say since when it is detached', () => {
    const v = judge(recordOf(volumeFacts()));
    assert.equal(v.verdict, 'idle');
    assert.ok(v.confidence <= 75 && v.reasons.includes('detached-since-unknown'));
  });
  it('was in use within the fortnight when it shows a single operation', () => {
    const v = judge(recordOf(volumeFacts(), { metrics: ops((i) => (i === 720 - 336 ? 1 : null)) }));
    assert.deepEqual(v.reasons, ['used-recently']);
    assert.equal(judge(recordOf(volumeFacts(), { metrics: ops((i) => (i === 720 - 337 ? 1 : null)) })).verdict, 'idle');
  });
  it('is not judged while it is created, deleted or broken', () => {
    for (const state of ['creating', 'deleting', 'deleted', 'error'] as const)
      assert.equal(judge(recordOf(volumeFacts({ state }))).verdict, 'undetermined');
  });
});

describe('an address bound to nothing', () => {
  const judge = (record: AssetRecord) => evaluateRule(ruleOf('address-unassociated'), record, NOW);
  it('is waste from its seventh day', () => {
    assert.equal(judge(created(recordOf(addressFacts()), '2026-05-15T12:00:00.000Z')).verdict, 'idle');
    assert.deepEqual(judge(created(recordOf(addressFacts()), '2026-05-15T12:00:01.000Z')).reasons, ['too-young']);
  });
  it('of unknown age is not judged', () => {
    assert.equal(judge(created(recordOf(addressFacts()), null)).verdict, 'undetermined');
  });
  it('bound to a network interface only is in use', () => {
    assert.equal(judge(recordOf(addressFacts({ networkInterfaceId: 'eni-1' }))).verdict, 'active');
  });
});

describe('a load balancer', () => {
  const none = (record: AssetRecord) => evaluateRule(ruleOf('load-balancer-no-targets'), record, NOW);
  const traffic = (record: AssetRecord) => evaluateRule(ruleOf('load-balancer-idle-traffic'), record, NOW);
  it('without targets is waste, one that answers by itself may not be', () => {
    assert.equal(none(recordOf(loadBalancerFacts())).verdict, 'idle');
    assert.deepEqual(none(recordOf(loadBalancerFacts({ backendGroupIds: [] }))).reasons, [
      'may-answer-without-targets',
    ]);
    assert.equal(none(recordOf(loadBalancerFacts({ registeredTargets: 1 }))).verdict, 'active');
  });
  it('with nine requests on its busiest day is idle, with ten it is not', () => {
    const requests = (n: number) =>
      traffic(recordOf(loadBalancerFacts(), { metrics: balancerMetrics({ requests: (i) => (i === 700 ? n : 0) }) }));
    assert.equal(requests(9).verdict, 'idle');
    assert.equal(requests(10).verdict, 'active');
  });
  it('that published nothing is not idle: no data is not zero requests', () => {
    assert.deepEqual(traffic(recordOf(loadBalancerFacts())).reasons, [
      'metrics-missing:RequestCount',
      'metrics-missing:ActiveConnectionCount',
      'metrics-missing:ProcessedBytes',
    ]);
  });
  it('of the network kind is judged by its flows', () => {
    const record = recordOf(loadBalancerFacts({ loadBalancerType: 'network' }), {
      metrics: balancerMetrics({}, 'network'),
    });
    assert.equal(traffic(record).verdict, 'idle');
    assert.equal(traffic({ ...record, metrics: balancerMetrics() }).verdict, 'undetermined');
  });
  it('with requests three weeks ago is left alone', () => {
    const v = traffic(
      recordOf(loadBalancerFacts(), { metrics: balancerMetrics({ requests: (i) => (i === 100 ? 5000 : 0) }) }),
    );
    assert.deepEqual(v.reasons, ['load-before-confidence-window']);
  });
});

describe('a stopped instance', () => {
  const judge = (stoppedAt: string | null) =>
    evaluateRule(ruleOf('instance-stopped'), instance({}, { state: 'stopped', stoppedAt }), NOW);
  it('is waste from the thirtieth day', () => {
    assert.equal(judge('2026-04-22T12:00:00.000Z').verdict, 'idle');
    assert.deepEqual(judge('2026-04-22T12:00:01.000Z').reasons, ['stopped-recently']);
  });
  it('of which nobody knows since when is not judged', () => {
    assert.deepEqual(judge(null).reasons, ['stopped-since-unknown']);
    assert.equal(judge('not a time').verdict, 'undetermined');
  });
});
