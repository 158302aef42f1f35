import type { AssetRef } from '../../../schemas/asset.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';

/** What precedes the name in the ARN of a type whose metrics go by its name. Elsewhere the resource id is the name. */
const NAME_AFTER: Partial<Record<ResourceType, string>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ':loadbalancer/',
  'AWS::ElasticLoadBalancing::LoadBalancer': ':loadbalancer/',
  'AWS::AutoScaling::AutoScalingGroup': ':autoScalingGroupName/',
  'AWS::DocDB::DBCluster': ':cluster:',
  'AWS::DynamoDB::Table': ':table/',
  'AWS::EC2::NatGateway': ':natgateway/',
  'AWS::ElastiCache::CacheCluster': ':cluster:',
  'AWS::EMR::Cluster': ':cluster/',
  'AWS::Kinesis::Stream': ':stream/',
  'AWS::Lambda::Function': ':function:',
  'AWS::Redshift::Cluster': ':cluster:',
  'AWS::WorkSpaces::Workspace': ':workspace/',
};

/** The name CloudWatch knows an asset by. Load balancers are `app/<name>/<id>`, the tail of their ARN. */
export function dimensionValue({ resourceType, assetKey, resourceId }: AssetRef): string {
  const before = NAME_AFTER[resourceType];
  if (before === undefined) return resourceId;
  const at = assetKey.indexOf(before);
  return at < 0 ? resourceId : assetKey.slice(at + before.length);
}
