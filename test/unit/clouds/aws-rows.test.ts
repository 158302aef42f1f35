import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { factsIn } from '../../../ports/cloud.ts';
import { isProviderError, ProviderError } from '../../../ports/errors.ts';
import { describeAssets } from '../../../providers/cloud/aws/reader/describe-assets.ts';
import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';

type Answers = Readonly<Record<string, unknown>>;

/** Clients that answer each command with what the test gives; an Error is thrown. */
function clientsOf(answers: Answers) {
  const client = {
    send: async ({ constructor: { name } }: { constructor: { name: string } }) => {
      const answer = answers[name] ?? {};
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { ec2: client, elb: client, autoScaling: client, rds: client } as never;
}

const ref = (resourceType: ResourceType, resourceId: string): AssetRef => ({
  assetKey: `arn:${resourceId}`,
  provider: 'aws',
  accountId: '111122223333',
  region: 'us-east-1',
  resourceType,
  resourceId,
});
const machine = (InstanceId: string, more: object = {}) => ({
  InstanceId,
  State: { Name: 'running' },
  InstanceType: 'm5.large',
  LaunchTime: new Date('2026-01-01T00:00:00Z'),
  VpcId: 'vpc-1',
  ...more,
});
const disk = (VolumeId: string, more: object = {}) => ({
  VolumeId,
  State: 'in-use',
  Size: 8,
  VolumeType: 'gp3',
  Encrypted: true,
  CreateTime: new Date('2026-01-01T00:00:00Z'),
  AvailabilityZone: 'us-east-1a',
  ...more,
});

describe('AWS rows', () => {
  it('reads a carrier address, and refuses an odd one alone', async () => {
    const [good, carrier, odd] = ['eipalloc-0a', 'eipalloc-0b', 'eipalloc-0c'].map((id) => ref('AWS::EC2::EIP', id));
    assert.ok(good && carrier && odd);
    const Addresses = [
      { AllocationId: 'eipalloc-0a', PublicIp: '203.0.113.10', Tags: [] },
      { AllocationId: 'eipalloc-0b', CarrierIp: '203.0.113.20', Tags: [] },
      { AllocationId: 'eipalloc-0c', PublicIp: 7 },
    ];
    const clients = clientsOf({ DescribeAddressesCommand: { Addresses } });
    const described = await describeAssets(clients, [good, carrier, odd], { detailed: false });
    assert.deepEqual([...described.facts.keys()], [good.assetKey, carrier.assetKey]);
    const found = described.facts.get(carrier.assetKey);
    assert.equal(found?.kind === 'address' && found.publicIp, '203.0.113.20');
    const [only, ...more] = described.rejected;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [only?.source, only?.operation, only?.assetKey, only?.field, only?.found],
      ['aws', 'ec2:DescribeAddresses', odd.assetKey, 'PublicIp', '7'],
    );
    assert.throws(() => factsIn(described, odd), /could not be read/);
  });

  it('refuses a machine whose disk cannot be read: it would be copied in part', async () => {
    const [whole, half] = ['i-1', 'i-2'].map((id) => ref('AWS::EC2::Instance', id));
    assert.ok(whole && half);
    const on = (VolumeId: string) => ({
      BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { VolumeId, DeleteOnTermination: true } }],
    });
    const clients = clientsOf({
      DescribeInstancesCommand: {
        Reservations: [{ Instances: [machine('i-1', on('vol-1')), machine('i-2', on('vol-2'))] }],
      },
      DescribeVolumesCommand: { Volumes: [disk('vol-1'), disk('vol-2', { Size: 'large' })] },
    });
    const { facts, rejected } = await describeAssets(clients, [whole, half], { detailed: false });
    assert.deepEqual([...facts.keys()], [whole.assetKey]);
    assert.deepEqual(
      rejected.map((row) => [row.rowId, row.field]),
      [
        ['vol-2', 'Size'],
        ['i-2', 'BlockDeviceMappings'],
      ],
    );
  });

  it('takes a target that cannot be read for any machine of its network', async () => {
    const one = ref('AWS::EC2::Instance', 'i-1');
    const clients = clientsOf({
      DescribeInstancesCommand: { Reservations: [{ Instances: [machine('i-1')] }] },
      DescribeTargetGroupsCommand: {
        TargetGroups: [{ TargetGroupArn: 'arn:tg', VpcId: 'vpc-1', LoadBalancerArns: [] }],
      },
      DescribeTargetHealthCommand: { TargetHealthDescriptions: [{ Target: {}, TargetHealth: { State: 'healthy' } }] },
    });
    const { facts, rejected } = await describeAssets(clients, [one], { detailed: false });
    const found = facts.get(one.assetKey);
    assert.deepEqual(found?.kind === 'instance' && found.backendGroupIds, ['arn:tg']);
    assert.equal(rejected[0]?.field, 'Target.Id');
  });

  it('lets a forbidden list cost its own assets, and a source that is down cost everything', async () => {
    const address = ref('AWS::EC2::EIP', 'eipalloc-0a');
    const database = ref('AWS::RDS::DBInstance', 'db-1');
    const denied = Object.assign(new Error('no rds:DescribeDBInstances'), { name: 'AccessDenied', $metadata: {} });
    const answers = {
      DescribeAddressesCommand: { Addresses: [{ AllocationId: 'eipalloc-0a', PublicIp: '203.0.113.1' }] },
    };
    const both = [address, database];
    const part = await describeAssets(clientsOf({ ...answers, DescribeDBInstancesCommand: denied }), both, {
      detailed: false,
    });
    assert.deepEqual([...part.facts.keys()], [address.assetKey]);
    assert.deepEqual(
      part.rejected.map((row) => [row.assetKey, row.field, row.operation]),
      [[database.assetKey, 'describe', 'rds:DescribeDBInstances']],
    );
    const down = new ProviderError({ kind: 'unavailable', provider: 'aws', operation: 'x', message: 'down' });
    await assert.rejects(
      describeAssets(clientsOf({ ...answers, DescribeDBInstancesCommand: down }), both, { detailed: false }),
      (error) => isProviderError(error, 'unavailable'),
    );
    await assert.rejects(
      describeAssets(clientsOf({ DescribeDBInstancesCommand: denied }), [database], { detailed: false }),
      (error) => isProviderError(error, 'unauthorised'),
    );
  });
});
