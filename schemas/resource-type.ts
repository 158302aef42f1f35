import { z } from 'zod';

/**
 * The words of each provider for its own resources: CloudFormation types, Azure Resource Manager types and Google Cloud
 * asset types. domain/resource-kinds.ts says what kind each is, and which of them can be acted on.
 */
export const ResourceType = z.enum([
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EC2::EIP',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::RDS::DBInstance',
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::CloudFront::Distribution',
  'AWS::CloudTrail::Trail',
  'AWS::DocDB::DBCluster',
  'AWS::DynamoDB::Table',
  'AWS::EC2::Image',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Snapshot',
  'AWS::EC2::VPCEndpoint',
  'AWS::ECR::Repository',
  'AWS::ECS::Service',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElasticLoadBalancing::LoadBalancer',
  'AWS::EMR::Cluster',
  'AWS::Kinesis::Stream',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBSnapshot',
  'AWS::Redshift::Cluster',
  'AWS::Route53::HealthCheck',
  'AWS::S3::Bucket',
  'AWS::SageMaker::Endpoint',
  'AWS::SecretsManager::Secret',
  'AWS::WorkSpaces::Workspace',
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Compute/disks',
  'Microsoft.Network/publicIPAddresses',
  'Microsoft.Network/loadBalancers',
  'Microsoft.Sql/managedInstances',
  'Microsoft.Compute/images',
  'Microsoft.Compute/snapshots',
  'Microsoft.Compute/virtualMachineScaleSets',
  'Microsoft.ContainerService/managedClusters',
  'Microsoft.DBforMySQL/flexibleServers',
  'Microsoft.DBforPostgreSQL/flexibleServers',
  'Microsoft.Network/applicationGateways',
  'Microsoft.Network/azureFirewalls',
  'Microsoft.Network/natGateways',
  'Microsoft.Network/networkInterfaces',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Network/virtualNetworkGateways',
  'Microsoft.Sql/servers/databases',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Web/serverfarms',
  'compute.googleapis.com/Instance',
  'compute.googleapis.com/Disk',
  'compute.googleapis.com/Address',
  'sqladmin.googleapis.com/Instance',
  'aiplatform.googleapis.com/Endpoint',
  'bigquery.googleapis.com/Table',
  'compute.googleapis.com/ForwardingRule',
  'compute.googleapis.com/Image',
  'compute.googleapis.com/Snapshot',
  'compute.googleapis.com/VpnGateway',
  'container.googleapis.com/Cluster',
  'redis.googleapis.com/Instance',
  'run.googleapis.com/Service',
  'storage.googleapis.com/Bucket',
]);
export type ResourceType = z.infer<typeof ResourceType>;

export const CloudProvider = z.enum(['aws', 'azure', 'gcp']);
export type CloudProvider = z.infer<typeof CloudProvider>;

/** What the core can tell apart. `resource` is everything that is only reported. */
export const ResourceKind = z.enum(['instance', 'volume', 'address', 'load-balancer', 'database', 'resource']);
export type ResourceKind = z.infer<typeof ResourceKind>;
