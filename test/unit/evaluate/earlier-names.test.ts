import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { underTodaysNames } from '../../../clients/evaluate/earlier-names.ts';
import { InstanceFacts, LoadBalancerFacts, VolumeFacts } from '../../../schemas/cloud-facts.ts';

const earlier = {
  availabilityZone: 'eu-west-1a',
  vpcId: 'vpc-1',
  securityGroupIds: ['sg-1'],
  eipAllocationId: 'eipalloc-1',
  iamInstanceProfileArn: null,
  autoScalingGroup: null,
  rootDeviceType: 'ebs',
  instanceStoreVolumes: false,
  terminationProtection: true,
  targetGroupArns: [],
  volumes: [{ volumeId: 'vol-1', deleteOnTermination: true }],
};
const today = {
  zone: 'eu-west-1a',
  networkId: 'vpc-1',
  firewallIds: ['sg-1'],
  staticAddressId: 'eipalloc-1',
  workloadIdentity: null,
  scalingGroup: null,
  rootDisk: 'persistent',
  localDisks: false,
  deletionProtection: true,
  backendGroupIds: [],
  volumes: [{ volumeId: 'vol-1', deletedWithInstance: true }],
};

describe('cases written with the earlier, AWS names of facts', () => {
  it('say the same as with the names of today', () => {
    assert.deepEqual(underTodaysNames(earlier), { facts: today, issue: null });
    assert.deepEqual(underTodaysNames(today), { facts: today, issue: null });
    assert.deepEqual(underTodaysNames({ rootDeviceType: 'instance-store' }).facts, { rootDisk: 'local' });
    assert.deepEqual(underTodaysNames({ rootDeviceType: null }).facts, { rootDisk: null });
    assert.deepEqual(underTodaysNames({ listenerArns: [], state: 'active_impaired', kmsKeyId: 'k' }).facts, {
      listenerIds: [],
      state: 'impaired',
      encryptionKeyId: 'k',
    });
  });

  it('reach names that the facts really have', () => {
    const known = new Set([InstanceFacts, VolumeFacts, LoadBalancerFacts].flatMap((s) => Object.keys(s.shape)));
    for (const name of Object.keys(underTodaysNames({ ...earlier, listenerArns: [], kmsKeyId: null }).facts))
      assert.ok(known.has(name), name);
  });

  it('may state both names alike, but not with two values, in a disk neither', () => {
    assert.equal(underTodaysNames({ rootDeviceType: 'ebs', rootDisk: 'persistent' }).issue, null);
    const issue = underTodaysNames({ autoScalingGroup: null, scalingGroup: 'web' }).issue;
    assert.deepEqual(issue?.path, ['scalingGroup']);
    assert.match(issue?.message ?? '', /scalingGroup/);
    const disk = { deleteOnTermination: true, deletedWithInstance: false };
    assert.notEqual(underTodaysNames({ volumes: [disk] }).issue, null);
  });

  it('leave what is no fact of ours alone, for the schema to judge', () => {
    assert.deepEqual(underTodaysNames({ volumes: 'none', constructor: 1 }).facts, { volumes: 'none', constructor: 1 });
  });
});
