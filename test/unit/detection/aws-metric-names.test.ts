import assert from 'node:assert/strict';
import { it } from 'node:test';
import { refOfAssetKey } from '../../../domain/cloud-ids/index.ts';
import { metricAddress } from '../../../providers/utilisation/cloudwatch/metric-names.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import { RULES } from './fixtures.ts';

const ARN = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`;

/** A real-looking ARN of each type whose metrics a rule reads, with the dimension CloudWatch files it under. */
const DIMENSIONS: readonly (readonly [arn: string, namespace: string, dimension: string])[] = [
  [ARN('ec2', 'instance/i-0a1b2c3d4e5f60718'), 'AWS/EC2', 'InstanceId=i-0a1b2c3d4e5f60718'],
  [ARN('ec2', 'volume/vol-0a1b2c3d4e5f60718'), 'AWS/EBS', 'VolumeId=vol-0a1b2c3d4e5f60718'],
  [ARN('ec2', 'natgateway/nat-0a1b2c3d'), 'AWS/NATGateway', 'NatGatewayId=nat-0a1b2c3d'],
  [ARN('elasticloadbalancing', 'loadbalancer/app/web/50dc6c49'), 'AWS/ApplicationELB', 'LoadBalancer=app/web/50dc6c49'],
  [ARN('elasticloadbalancing', 'loadbalancer/old-web'), 'AWS/ELB', 'LoadBalancerName=old-web'],
  [
    ARN('autoscaling', 'autoScalingGroup:930d940e-891e-4781-a11a-7b0acd480f03:autoScalingGroupName/web-asg'),
    'AWS/EC2',
    'AutoScalingGroupName=web-asg',
  ],
  [ARN('rds', 'db:orders'), 'AWS/RDS', 'DBInstanceIdentifier=orders'],
  [ARN('rds', 'cluster:docs'), 'AWS/DocDB', 'DBClusterIdentifier=docs'],
  [ARN('dynamodb', 'table/carts'), 'AWS/DynamoDB', 'TableName=carts'],
  [ARN('elasticache', 'cluster:cache-001'), 'AWS/ElastiCache', 'CacheClusterId=cache-001'],
  [ARN('elasticmapreduce', 'cluster/j-2AXXXXXXGAPLF'), 'AWS/ElasticMapReduce', 'JobFlowId=j-2AXXXXXXGAPLF'],
  [ARN('kinesis', 'stream/clicks'), 'AWS/Kinesis', 'StreamName=clicks'],
  [ARN('lambda', 'function:resize-image'), 'AWS/Lambda', 'FunctionName=resize-image'],
  [ARN('redshift', 'cluster:warehouse'), 'AWS/Redshift', 'ClusterIdentifier=warehouse'],
  [ARN('workspaces', 'workspace/ws-abcd1234'), 'AWS/WorkSpaces', 'WorkspaceId=ws-abcd1234'],
];

it('every series of every AWS rule has a place in CloudWatch, under the name the asset has there', () => {
  const refs = DIMENSIONS.map(([arn, namespace, dimension]) => {
    const ref = refOfAssetKey(arn) as AssetRef;
    assert.ok(ref, arn);
    return { ref, namespace, dimension };
  });
  let read = 0;
  for (const rule of RULES) {
    if (rule.provider !== 'aws' || rule.metrics.length === 0) continue;
    const known = refs.find(({ ref }) => ref.resourceType === rule.resourceType);
    assert.ok(known, `no ARN of ${rule.resourceType}`);
    for (const { metric, statistic } of rule.metrics) {
      const address = metricAddress({ asset: known.ref, metric, statistic });
      assert.equal(`${address.dimension.Name}=${address.dimension.Value}`, known.dimension);
      const agent = metric === 'mem_used_percent' || metric.startsWith('nvidia_smi_');
      assert.equal(address.namespace, agent ? 'CWAgent' : known.namespace, metric);
      read++;
    }
  }
  assert.ok(read > 30, `${read} series`);
});

it('a series nobody publishes is refused with the table to change', () => {
  const asset = refOfAssetKey(ARN('lambda', 'function:resize-image')) as AssetRef;
  assert.throws(() => metricAddress({ asset, metric: 'CPUUtilization', statistic: 'Maximum' }), /metric-names\.ts/);
});
