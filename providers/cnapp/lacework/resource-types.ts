import { providerOf } from '../../../domain/resource-kinds.ts';
import type { CloudProvider, ResourceType } from '../../../schemas/resource-type.ts';
import type { Lacework } from './section.ts';

/** What the API calls the clouds. */
export const CSP: Readonly<Record<CloudProvider, string>> = { aws: 'AWS', azure: 'Azure', gcp: 'GCP' };

/**
 * `service:kind` of AWS resources in the inventory. Instances, volumes, snapshots, NAT gateways, databases, buckets and trails
 * are confirmed; for the others every spelling that was seen or is likely is asked for.
 */
const AWS_NAMES: Partial<Record<ResourceType, readonly string[]>> = {
  'AWS::EC2::Instance': ['ec2:instance'],
  'AWS::EC2::Volume': ['ec2:volume'],
  'AWS::EC2::EIP': ['ec2:address', 'ec2:elastic-ip', 'ec2:eip'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['elbv2:loadbalancer', 'elasticloadbalancing:loadbalancer'],
  'AWS::ElasticLoadBalancing::LoadBalancer': ['elb:loadbalancer', 'elasticloadbalancing:loadbalancer'],
  'AWS::RDS::DBInstance': ['rds:db'],
  'AWS::RDS::DBSnapshot': ['rds:snapshot'],
  'AWS::AutoScaling::AutoScalingGroup': ['autoscaling:autoScalingGroup'],
  'AWS::CloudFront::Distribution': ['cloudfront:distribution'],
  'AWS::CloudTrail::Trail': ['cloudtrail:trail'],
  'AWS::DynamoDB::Table': ['dynamodb:table'],
  'AWS::EC2::Image': ['ec2:image'],
  'AWS::EC2::NatGateway': ['ec2:natgateway'],
  'AWS::EC2::Snapshot': ['ec2:snapshot'],
  'AWS::EC2::VPCEndpoint': ['ec2:vpc-endpoint'],
  'AWS::ECR::Repository': ['ecr:repository'],
  'AWS::ECS::Service': ['ecs:service'],
  'AWS::ElastiCache::CacheCluster': ['elasticache:cluster'],
  'AWS::EMR::Cluster': ['elasticmapreduce:cluster', 'emr:cluster'],
  'AWS::Kinesis::Stream': ['kinesis:stream'],
  'AWS::Lambda::Function': ['lambda:function'],
  'AWS::Logs::LogGroup': ['logs:log-group'],
  'AWS::Redshift::Cluster': ['redshift:cluster'],
  'AWS::S3::Bucket': ['s3:bucket'],
  'AWS::SageMaker::Endpoint': ['sagemaker:endpoint'],
  'AWS::SecretsManager::Secret': ['secretsmanager:secret'],
  'AWS::WorkSpaces::Workspace': ['workspaces:workspace'],
};

/** How the inventory may spell a type. Azure's are in lower case, Google Cloud's are the asset types themselves. */
export function namesOf(type: ResourceType, names: Lacework['names']): readonly string[] {
  const more = names.resourceTypes[type] ?? [];
  switch (providerOf(type)) {
    case 'aws':
      return [...(AWS_NAMES[type] ?? []), ...more];
    case 'azure':
      return [type.toLowerCase(), ...more];
    case 'gcp':
      return [type, ...more];
  }
}

/** The cloud an account belongs to, by what its id looks like. */
export function cloudOf(accountId: string): CloudProvider {
  if (/^\d{12}$/.test(accountId)) return 'aws';
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(accountId) ? 'azure' : 'gcp';
}
