/**
 * The words of each provider for its own resources: CloudFormation types, Azure Resource Manager types and Google Cloud
 * asset types, one row each. Plain data without zod, so that domain/ may read it. A row without `kind` is a `resource`:
 * seen, judged and reported.
 */
export const RESOURCE_TYPES = {
  'AWS::EC2::Instance': { kind: 'instance', words: 'EC2 instance', aliases: ['ec2', 'instance'] },
  'AWS::EC2::Volume': { kind: 'volume', words: 'EBS volume', aliases: ['volume', 'ebs'] },
  'AWS::EC2::EIP': { kind: 'address', words: 'Elastic IP address', aliases: ['eip', 'address'] },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    kind: 'load-balancer',
    words: 'load balancer',
    aliases: ['elbv2', 'load-balancer'],
  },
  'AWS::RDS::DBInstance': { kind: 'database', words: 'RDS database instance' },
  'AWS::AutoScaling::AutoScalingGroup': {},
  'AWS::CloudFront::Distribution': {},
  'AWS::CloudTrail::Trail': {},
  'AWS::DocDB::DBCluster': {},
  'AWS::DynamoDB::Table': {},
  'AWS::EC2::Image': {},
  'AWS::EC2::NatGateway': {},
  'AWS::EC2::Snapshot': {},
  'AWS::EC2::VPCEndpoint': {},
  'AWS::ECR::Repository': {},
  'AWS::ECS::Service': {},
  'AWS::ElastiCache::CacheCluster': {},
  'AWS::ElasticLoadBalancing::LoadBalancer': {},
  'AWS::EMR::Cluster': {},
  'AWS::Kinesis::Stream': {},
  'AWS::Lambda::Function': {},
  'AWS::Logs::LogGroup': {},
  'AWS::RDS::DBSnapshot': {},
  'AWS::Redshift::Cluster': {},
  'AWS::Route53::HealthCheck': {},
  'AWS::S3::Bucket': {},
  'AWS::SageMaker::Endpoint': {},
  'AWS::SecretsManager::Secret': {},
  'AWS::WorkSpaces::Workspace': {},
  'Microsoft.Compute/virtualMachines': { kind: 'instance', words: 'Azure virtual machine' },
  'Microsoft.Compute/disks': { kind: 'volume', words: 'Azure managed disk' },
  'Microsoft.Network/publicIPAddresses': { kind: 'address', words: 'Azure public IP address' },
  'Microsoft.Network/loadBalancers': { kind: 'load-balancer', words: 'Azure load balancer' },
  'Microsoft.Sql/managedInstances': { kind: 'database', words: 'Azure SQL managed instance' },
  'Microsoft.Compute/images': {},
  'Microsoft.Compute/snapshots': {},
  'Microsoft.Compute/virtualMachineScaleSets': {},
  'Microsoft.ContainerService/managedClusters': {},
  'Microsoft.DBforMySQL/flexibleServers': {},
  'Microsoft.DBforPostgreSQL/flexibleServers': {},
  'Microsoft.Network/applicationGateways': {},
  'Microsoft.Network/azureFirewalls': {},
  'Microsoft.Network/natGateways': {},
  'Microsoft.Network/networkInterfaces': {},
  'Microsoft.Network/privateEndpoints': {},
  'Microsoft.Network/virtualNetworkGateways': {},
  'Microsoft.Sql/servers/databases': {},
  'Microsoft.Storage/storageAccounts': {},
  'Microsoft.Web/serverfarms': {},
  'compute.googleapis.com/Instance': { kind: 'instance', words: 'Compute Engine instance' },
  'compute.googleapis.com/Disk': { kind: 'volume', words: 'persistent disk' },
  'compute.googleapis.com/Address': { kind: 'address', words: 'external IP address' },
  'sqladmin.googleapis.com/Instance': { kind: 'database', words: 'Cloud SQL instance' },
  'aiplatform.googleapis.com/Endpoint': {},
  'bigquery.googleapis.com/Table': {},
  'compute.googleapis.com/ForwardingRule': {},
  'compute.googleapis.com/Image': {},
  'compute.googleapis.com/Snapshot': {},
  'compute.googleapis.com/VpnGateway': {},
  'container.googleapis.com/Cluster': {},
  'redis.googleapis.com/Instance': {},
  'run.googleapis.com/Service': {},
  'storage.googleapis.com/Bucket': {},
} as const satisfies Readonly<Record<string, ResourceTypeRow>>;

export interface ResourceTypeRow {
  /** What it can be acted on as. Absent: it is only reported. */
  readonly kind?: 'instance' | 'volume' | 'address' | 'load-balancer' | 'database';
  /** What people call it, where its own name would say little to a reader. */
  readonly words?: string;
  /** Short names that cases for offline evaluation may use. */
  readonly aliases?: readonly string[];
}

export type ResourceTypeName = keyof typeof RESOURCE_TYPES;

/** In the order in which the table has them. */
export const RESOURCE_TYPE_NAMES = Object.keys(RESOURCE_TYPES) as readonly ResourceTypeName[];

/** One row, with every column of the table. */
export function resourceTypeRow(type: ResourceTypeName): ResourceTypeRow {
  return RESOURCE_TYPES[type];
}
