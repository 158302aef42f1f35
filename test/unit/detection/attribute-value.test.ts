import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flattenConfiguration } from '../../../domain/attributes.ts';
import { askCondition } from '../../../domain/detection/attribute-value.ts';
import { rulesAbout } from '../../../domain/detection/rules-by-type.ts';
import { needsConfirmation, standingOf } from '../../../domain/detection/standing.ts';
import type { ResourceFacts } from '../../../schemas/cloud-facts.ts';
import type { Verdict } from '../../../schemas/detection.ts';
import type { RuleCondition } from '../../../schemas/rules.ts';
import { disk, resource } from './catalogue/facts.ts';
import { NOW, RULES } from './fixtures.ts';

const end = Date.parse(NOW) / 1000;
type Attributes = ResourceFacts['attributes'];
const ask = (condition: Omit<RuleCondition, 'attribute'>, value: Attributes[string]) =>
  askCondition({ attribute: 'a', ...condition }, resource('AWS::S3::Bucket', { a: value, other: 1 }), end);

describe('a condition on a configuration', () => {
  it('compares texts without case, and one star stands for anything', () => {
    assert.equal(ask({ is: 'ACTIVE' }, 'active'), 'holds');
    assert.equal(ask({ is: ['m4.*', '*.8xlarge'] }, 'c5.8xlarge'), 'holds');
    assert.equal(ask({ is: 'Standard_D*_v2' }, 'standard_ds3_v2'), 'holds');
    assert.equal(ask({ is: 'Standard_D*_v2' }, 'standard_d4s_v5'), 'fails');
    assert.equal(ask({ is: 'aba*aba' }, 'aba'), 'fails');
    assert.equal(ask({ is: true }, 'true'), 'holds');
    assert.equal(ask({ isNot: ['a', 'b'] }, 'B'), 'fails');
    assert.equal(ask({ isNot: 'x*' }, ''), 'holds');
  });
  it('reads numbers that are written as text, and no others', () => {
    assert.equal(ask({ atMost: 5 }, '5'), 'holds');
    assert.equal(ask({ atLeast: 6 }, '5'), 'fails');
    assert.equal(ask({ atMost: 5 }, 'five'), 'unreadable');
    assert.equal(ask({ atMost: 5 }, ''), 'unknown');
    assert.equal(ask({ atMost: 5 }, true), 'unreadable');
  });
  it('reads instants as ISO texts, epoch seconds and epoch milliseconds, to the second', () => {
    const since = end - 90 * 86_400;
    for (const at of [since, since * 1000, String(since * 1000), new Date(since * 1000).toISOString()])
      assert.equal(ask({ olderThanDays: 90 }, at), 'holds', String(at));
    assert.equal(ask({ olderThanDays: 90 }, since + 1), 'fails');
    assert.equal(ask({ olderThanDays: 90 }, 'last summer'), 'unreadable');
    assert.equal(ask({ olderThanDays: 1 }, '2027-01-01T00:00:00Z'), 'unreadable', 'the future is no age');
  });
  it('is unknown where nothing is said, whatever it asks', () => {
    for (const condition of [{ is: 'x' }, { isNot: 'x' }, { atMost: 1 }, { atLeast: 1 }, { olderThanDays: 1 }])
      for (const attribute of ['missing', 'nothing'])
        assert.equal(
          askCondition({ attribute, ...condition }, resource('AWS::S3::Bucket', { nothing: null, other: 1 }), end),
          'unknown',
        );
  });
  it('takes absence from a copy that holds something, and from no other', () => {
    assert.equal(ask({ present: false }, null), 'holds');
    assert.equal(ask({ present: false }, ''), 'holds');
    assert.equal(ask({ present: false }, 0), 'holds');
    assert.equal(ask({ present: true }, false), 'holds');
    const gone = (attributes: Attributes) =>
      askCondition({ attribute: 'gone', present: false }, resource('AWS::S3::Bucket', attributes), end);
    assert.equal(gone({ a: 1 }), 'holds');
    assert.equal(gone({}), 'unknown');
    const huge = flattenConfiguration(Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${i}`, i])));
    assert.equal(gone(huge), 'unknown', 'a copy that was cut short proves nothing');
  });
  it("finds Azure's properties with and without that word", () => {
    const at = (name: string) =>
      askCondition({ attribute: 'sku', is: 'x' }, resource('Microsoft.Network/natGateways', { [name]: 'x' }), end);
    assert.equal(at('sku'), 'holds');
    assert.equal(at('properties.sku'), 'holds');
  });
  it('reads what the cloud itself said as facts, counts of lists included, and nothing else of them', () => {
    const facts = disk('AWS::EC2::Volume', { attachedInstanceIds: ['i-1', 'i-2'], iops: null });
    const of = (attribute: string, condition: Omit<RuleCondition, 'attribute'>) =>
      askCondition({ attribute, ...condition }, facts, end);
    assert.equal(of('facts.attachedInstanceIds.count', { atLeast: 2 }), 'holds');
    assert.equal(of('facts.volumeType', { is: 'gp3' }), 'holds');
    for (const attribute of [
      'facts.iops',
      'facts.attachedInstanceIds',
      'facts.constructor',
      'facts.tags.x',
      'volumeType',
    ])
      assert.equal(of(attribute, { is: 'x' }), 'unknown', attribute);
  });
});

describe('the rules of one type', () => {
  it('keep their order and are found without looking at the others', () => {
    assert.deepEqual(
      rulesAbout(RULES, 'AWS::EC2::Volume').map((r) => r.id),
      RULES.filter((r) => r.resourceType === 'AWS::EC2::Volume').map((r) => r.id),
    );
    assert.equal(rulesAbout(RULES, 'AWS::EC2::EIP'), rulesAbout(RULES, 'AWS::EC2::EIP'));
    assert.deepEqual(rulesAbout([], 'AWS::EC2::EIP'), []);
  });
});

describe('what an asset is counted as', () => {
  const said = (ruleId: string, verdict: Verdict['verdict'], reasons: string[] = ['x']): Verdict => ({
    ruleId,
    ruleVersion: '1',
    verdict,
    confidence: 1,
    windowDays: 14,
    coverage: { expected: 1, observed: 1, ratio: 1 },
    evidence: [],
    reasons,
  });
  const old = said('aws-ec2-instance-old-generation', 'idle');
  it('is decided by the rules that lead to an action, where there are any', () => {
    assert.equal(standingOf([said('aws-ec2-instance-idle', 'active'), old], RULES), 'active');
    assert.equal(standingOf([said('aws-ec2-instance-idle', 'idle'), old], RULES), 'idle');
    assert.equal(standingOf([said('aws-ec2-instance-idle', 'undetermined'), old], RULES), 'undetermined');
    assert.equal(
      standingOf([said('aws-ec2-instance-idle', 'undetermined', ['excluded:spot']), old], RULES),
      'excluded',
    );
    assert.equal(standingOf([said('aws-nat-gateway-idle', 'idle')], RULES), 'idle');
    assert.equal(standingOf([], RULES), 'active');
  });
  it('needs the long window only where that could change something', () => {
    assert.equal(needsConfirmation([old], RULES), false);
    assert.equal(needsConfirmation([old, said('aws-ec2-instance-idle', 'idle')], RULES), true);
    assert.equal(needsConfirmation([said('aws-nat-gateway-idle', 'idle')], RULES), true);
    assert.equal(needsConfirmation([said('aws-nat-gateway-idle', 'active')], RULES), false);
  });
});
