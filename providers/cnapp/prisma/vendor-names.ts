import type { ResourceType } from '../../../schemas/resource-type.ts';
import type { PrismaConfig } from './section.ts';

/** What Prisma Cloud calls the configuration of each resource type. The vendor adds and renames these: see `apiNames`. */
const API_NAMES: Partial<Record<ResourceType, string>> = {
  'AWS::EC2::Instance': 'aws-ec2-describe-instances',
  'AWS::EC2::Volume': 'aws-ec2-describe-volumes',
  'AWS::EC2::EIP': 'aws-ec2-elastic-address',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'aws-elbv2-describe-load-balancers',
  'AWS::RDS::DBInstance': 'aws-rds-describe-db-instances',
  'AWS::DynamoDB::Table': 'aws-dynamodb-describe-table',
  'AWS::EC2::Image': 'aws-ec2-describe-images',
  'AWS::EC2::NatGateway': 'aws-vpc-nat-gateway',
  'AWS::EC2::Snapshot': 'aws-ec2-describe-snapshots',
  'AWS::EC2::VPCEndpoint': 'aws-describe-vpc-endpoints',
  'AWS::ElasticLoadBalancing::LoadBalancer': 'aws-elb-describe-load-balancers',
  'AWS::EMR::Cluster': 'aws-emr-describe-cluster',
  'AWS::Kinesis::Stream': 'aws-kinesis-list-streams',
  'AWS::Lambda::Function': 'aws-lambda-list-functions',
  'AWS::RDS::DBSnapshot': 'aws-rds-describe-db-snapshots',
  'AWS::SecretsManager::Secret': 'aws-secretsmanager-describe-secret',
  'Microsoft.Compute/virtualMachines': 'azure-vm-list',
  'Microsoft.Compute/disks': 'azure-disk-list',
  'Microsoft.Network/publicIPAddresses': 'azure-network-public-ip-address',
  'Microsoft.Network/loadBalancers': 'azure-network-lb-list',
  'Microsoft.Sql/managedInstances': 'azure-sql-managed-instance',
  'Microsoft.ContainerService/managedClusters': 'azure-kubernetes-cluster',
  'Microsoft.Network/applicationGateways': 'azure-application-gateway',
  'Microsoft.Network/networkInterfaces': 'azure-network-nic-list',
  'Microsoft.Sql/servers/databases': 'azure-sql-db-list',
  'Microsoft.Storage/storageAccounts': 'azure-storage-account-list',
  'compute.googleapis.com/Instance': 'gcloud-compute-instances-list',
  'compute.googleapis.com/Disk': 'gcp-compute-disk-list',
  'compute.googleapis.com/Address': 'gcloud-compute-address',
  'sqladmin.googleapis.com/Instance': 'gcloud-sql-instances-list',
  'container.googleapis.com/Cluster': 'gcloud-container-describe-clusters',
  'redis.googleapis.com/Instance': 'gcloud-redis-instances-list',
};

/** Queries know regions by these names. A region that is not here is read with the whole account, and sorted out here. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  'us-east-1': 'AWS Virginia',
  'us-east-2': 'AWS Ohio',
  'us-west-1': 'AWS California',
  'eu-west-1': 'AWS Ireland',
  'eu-central-1': 'AWS Frankfurt',
  centralus: 'Azure Central US',
};

/** Names as this tenant has them. */
export interface VendorNames {
  apiName(type: ResourceType): string | null;
  typeOf(apiName: string): ResourceType | null;
  region(region: string): string | null;
}

/** The configured names laid over the usual ones. */
export function vendorNames(config: Pick<PrismaConfig, 'apiNames' | 'regionNames'>): VendorNames {
  const apiNames: Partial<Record<ResourceType, string | null>> = { ...API_NAMES, ...config.apiNames };
  const regions: Readonly<Record<string, string>> = { ...REGION_NAMES, ...config.regionNames };
  const types = new Map(
    Object.entries(apiNames).flatMap(([type, name]) => (name ? [[name, type as ResourceType] as const] : [])),
  );
  return {
    apiName: (type) => apiNames[type] ?? null,
    typeOf: (apiName) => types.get(apiName) ?? null,
    region: (region) => regions[region] ?? null,
  };
}
