import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preflightCodes, preflightWarnings } from '../../../providers/cloud/aws/executor/preflight.ts';
import type { CloudFacts, InstanceFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionName } from '../../../schemas/option.ts';
import { addressFacts, instanceFacts, loadBalancerFacts, planFor, volumeFacts } from './facts.ts';

const codes = (action: ActionName, facts: CloudFacts) =>
  preflightCodes(planFor(action, facts), facts).map((c) => c.replace('preflight:', ''));
const INSTANCE_ACTIONS = ['stop-instance', 'snapshot-and-terminate-instance', 'resize-instance'] as const;

test('plain assets pass for each of the six actions', () => {
  for (const action of INSTANCE_ACTIONS) assert.deepEqual(codes(action, instanceFacts()), [], action);
  assert.deepEqual(codes('snapshot-and-delete-volume', volumeFacts()), []);
  assert.deepEqual(codes('release-address', addressFacts()), []);
  assert.deepEqual(codes('delete-load-balancer', loadBalancerFacts()), []);
});

const EVERY: readonly (readonly [string, Partial<InstanceFacts>])[] = [
  ['state_not_allowed', { state: 'pending' }],
  ['state_not_allowed', { state: 'shutting-down' }],
  ['root_device_instance_store', { rootDisk: 'local' }],
  ['unknown:root_device_instance_store', { rootDisk: null }],
  ['instance_store_volumes', { localDisks: true }],
  ['unknown:instance_store_volumes', { localDisks: null }],
  ['asg_member', { scalingGroup: 'workers' }],
  ['managed_by_eks', { managedBy: 'eks' }],
  ['managed_by_terraform', { managedBy: 'terraform' }],
  ['spot', { spot: true }],
  ['stop_protection', { stopProtection: true }],
  ['unknown:stop_protection', { stopProtection: null }],
  ['shutdown_behavior_terminate', { shutdownBehavior: 'terminate' }],
  ['unknown:shutdown_behavior_terminate', { shutdownBehavior: null }],
  ['lb_target_registered', { backendGroupIds: ['tg'] }],
  ['hibernation_configured', { hibernationConfigured: true }],
  ['dedicated_tenancy', { tenancy: 'host' }],
  ['unknown:dedicated_tenancy', { tenancy: null }],
];
for (const [code, change] of EVERY) {
  test(`${code} (${JSON.stringify(change)}) blocks every instance action`, () => {
    for (const action of INSTANCE_ACTIONS) assert.deepEqual(codes(action, instanceFacts(change)), [code], action);
  });
}

test('termination protection, known or unknown, blocks only what terminates', () => {
  for (const value of [true, null]) {
    const facts = instanceFacts({ deletionProtection: value });
    assert.deepEqual(codes('stop-instance', facts), []);
    const expected = value ? 'termination_protection' : 'unknown:termination_protection';
    assert.deepEqual(codes('snapshot-and-terminate-instance', facts), [expected]);
  }
  assert.deepEqual(codes('snapshot-and-terminate-instance', instanceFacts({ volumes: [] })), ['unknown:volumes']);
});

test('an address that would be lost blocks a resize and is told of on a stop', () => {
  const facts = instanceFacts({ publicIp: '198.51.100.4' });
  assert.deepEqual(codes('resize-instance', facts), ['public_ip_without_eip']);
  assert.deepEqual(codes('stop-instance', facts), []);
  assert.deepEqual(preflightWarnings(facts), ['public_ip_without_eip']);
  assert.deepEqual(preflightWarnings(instanceFacts({ publicIp: '198.51.100.4', staticAddressId: 'e' })), [
    'eip_attached',
  ]);
});

test('states of our own half-done work do not block a retry', () => {
  for (const state of ['stopping', 'stopped'] as const)
    assert.deepEqual(codes('stop-instance', instanceFacts({ state })), []);
});

test('volumes, addresses and load balancers', () => {
  const volume = (change: Parameters<typeof volumeFacts>[0]) =>
    codes('snapshot-and-delete-volume', volumeFacts(change));
  assert.deepEqual(volume({ attachedInstanceIds: ['i-1'] }), ['volume_attached']);
  assert.deepEqual(volume({ state: 'in-use' }), ['state_not_allowed']);
  assert.deepEqual(volume({ multiAttach: true }), ['multi_attach']);
  assert.deepEqual(volume({ encrypted: true }), ['unknown:kms_key']);
  assert.deepEqual(volume({ tags: { 'kubernetes.io/created-for/pvc/name': 'data' } }), ['managed_by_kubernetes']);
  assert.deepEqual(codes('release-address', addressFacts({ state: 'associated' })), ['address_associated']);
  const balancer = (change: Parameters<typeof loadBalancerFacts>[0]) =>
    codes('delete-load-balancer', loadBalancerFacts(change));
  assert.deepEqual(balancer({ deletionProtection: true }), ['deletion_protection']);
  assert.deepEqual(balancer({ deletionProtection: null }), ['unknown:deletion_protection']);
  assert.deepEqual(balancer({ state: 'provisioning' }), ['state_not_allowed']);
});

test('a plan for another asset, account, region or kind is refused', () => {
  const facts = instanceFacts();
  const plan = planFor('stop-instance', facts);
  const wrong = [
    { resourceId: 'i-0bbbbbbbbbbbbbbbb' },
    { accountId: '222222222222' },
    { region: 'us-east-1' },
    { assetKey: facts.assetKey.replace('111111111111', '222222222222') },
  ];
  for (const change of wrong) {
    assert.deepEqual(preflightCodes({ ...plan, ...change }, facts), ['preflight:id_account_region_match']);
  }
  const odd = { ...plan, action: 'release-address' as const };
  assert.ok(preflightCodes(odd, facts).includes('preflight:action_resource_mismatch'));
});
