import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftBetween, planRelevantFacts, withExpectedState } from '../../../domain/state-facts.ts';
import { digestOf } from '../../../schemas/digest.ts';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import { addressFacts, instanceFacts, loadBalancerFacts, volumeFacts } from './facts.ts';

const digest = (facts: CloudFacts) => digestOf(planRelevantFacts(facts));

test('order of sets, and what changes by itself, do not move the digest', () => {
  const base = instanceFacts({ backendGroupIds: ['b', 'a'] });
  const same = instanceFacts({
    backendGroupIds: ['a', 'b'],
    firewallIds: ['sg-1', 'sg-2'],
    volumes: [...base.volumes].reverse(),
    tags: { environment: 'dev', Name: 'web' },
    publicIp: '198.51.100.1',
    launchTime: '2026-02-02T00:00:00.000Z',
    stoppedAt: '2026-02-01T00:00:00.000Z',
  });
  assert.equal(digest(same), digest(base));
  assert.deepEqual(driftBetween(base, same), []);
  assert.equal(digest(loadBalancerFacts({ healthyTargets: 0 })), digest(loadBalancerFacts()));
});

const CHANGES: readonly (readonly [string, CloudFacts, CloudFacts])[] = [
  ['drift:instanceType', instanceFacts(), instanceFacts({ instanceType: 'm5.xlarge' })],
  ['drift:tags.environment', instanceFacts(), instanceFacts({ tags: { Name: 'web', environment: 'prod' } })],
  ['drift:tags.owner', instanceFacts(), instanceFacts({ tags: { Name: 'web', environment: 'dev', owner: '' } })],
  ['drift:tags.Name', instanceFacts(), instanceFacts({ tags: { environment: 'dev' } })],
  ['drift:scalingGroup', instanceFacts(), instanceFacts({ scalingGroup: 'workers' })],
  ['drift:deletionProtection', instanceFacts(), instanceFacts({ deletionProtection: true })],
  ['drift:stopProtection', instanceFacts(), instanceFacts({ stopProtection: null })],
  ['drift:volumes', instanceFacts(), instanceFacts({ volumes: instanceFacts().volumes.slice(1) })],
  ['drift:backendGroupIds', instanceFacts(), instanceFacts({ backendGroupIds: ['tg'] })],
  ['drift:staticAddressId', instanceFacts(), instanceFacts({ staticAddressId: 'eipalloc-1' })],
  ['drift:state', instanceFacts(), instanceFacts({ state: 'stopped' })],
  ['drift:attachedInstanceIds', volumeFacts(), volumeFacts({ attachedInstanceIds: ['i-1'] })],
  ['drift:sizeGiB', volumeFacts(), volumeFacts({ sizeGiB: 200 })],
  ['drift:instanceId', addressFacts(), addressFacts({ instanceId: 'i-1' })],
  ['drift:registeredTargets', loadBalancerFacts(), loadBalancerFacts({ registeredTargets: 3 })],
  ['drift:deletionProtection', loadBalancerFacts(), loadBalancerFacts({ deletionProtection: true })],
];
for (const [name, was, is] of CHANGES) {
  test(`${name} is seen and named`, () => {
    assert.deepEqual(driftBetween(was, is), [name]);
    assert.notEqual(digest(was), digest(is));
  });
}

test('our own stop is turned back; anything beside it still counts', () => {
  const approved = instanceFacts();
  const stopped = instanceFacts({ state: 'stopped', stoppedAt: '2026-03-01T00:00:00.000Z' });
  assert.equal(digest(withExpectedState(stopped, 'running')), digest(approved));
  const also = withExpectedState(instanceFacts({ state: 'stopped', spot: true }), 'running');
  assert.deepEqual(driftBetween(approved, also), ['drift:spot']);
});

test('a tag called __proto__ is an ordinary tag', () => {
  const odd = instanceFacts({ tags: JSON.parse('{"Name":"web","environment":"dev","__proto__":"x"}') });
  assert.deepEqual(driftBetween(instanceFacts(), odd), ['drift:tags.__proto__']);
});
