import { providerOf } from '../estate/kinds.ts';
import type { ResourceType } from '../../schemas/resource-type.ts';
import { hexOf, keyOf } from '../estate/random.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';

interface TypeWords {
  readonly apiName: string;
  readonly service: string;
  readonly resourceType: string;
}
const words = (apiName: string, service: string, resourceType: string): TypeWords => ({
  apiName,
  service,
  resourceType,
});

/** Resource types this simulator has configurations of, in the platform's words. */
export const TYPES: Partial<Record<ResourceType, TypeWords>> = {
  'AWS::EC2::Instance': words('aws-ec2-describe-instances', 'Amazon EC2', 'Instance'),
  'AWS::EC2::Volume': words('aws-ec2-describe-volumes', 'Amazon EC2', 'Volume'),
  'AWS::EC2::EIP': words('aws-ec2-elastic-address', 'Amazon EC2', 'Elastic IP'),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': words(
    'aws-elbv2-describe-load-balancers',
    'Amazon Elastic Load Balancing',
    'Load Balancer',
  ),
  'AWS::RDS::DBInstance': words('aws-rds-describe-db-instances', 'Amazon RDS', 'Managed Database'),
  'Microsoft.Compute/virtualMachines': words('azure-vm-list', 'Azure Compute', 'Azure Virtual Machine'),
  'Microsoft.Compute/disks': words('azure-disk-list', 'Azure Compute', 'Azure Disk'),
  'Microsoft.Network/publicIPAddresses': words('azure-network-public-ip-address', 'Azure Network', 'Public IP'),
  'Microsoft.Network/loadBalancers': words('azure-network-lb-list', 'Azure Network', 'Load Balancer'),
  'Microsoft.Sql/managedInstances': words('azure-sql-managed-instance', 'Azure SQL', 'Managed Instance'),
  'compute.googleapis.com/Instance': words(
    'gcloud-compute-instances-list',
    'Google Compute Engine',
    'Compute Instance',
  ),
  'compute.googleapis.com/Disk': words('gcp-compute-disk-list', 'Google Compute Engine', 'Compute Disk'),
  'compute.googleapis.com/Address': words('gcloud-compute-address', 'Google Compute Engine', 'Address'),
  'sqladmin.googleapis.com/Instance': words('gcloud-sql-instances-list', 'Google Cloud SQL', 'SQL Instance'),
};

export const CLOUD = { aws: 'aws', azure: 'azure', gcp: 'gcp' } as const;
export const cloudOf = (asset: SeededAsset) => CLOUD[providerOf(asset.resourceType)];

const REGIONS: Readonly<Record<string, string>> = {
  'us-east-1': 'AWS Virginia',
  'eu-west-1': 'AWS Ireland',
  westeurope: 'Azure West Europe',
  'europe-west1': 'GCP Belgium',
};
/** The display name by which queries know a region. */
export const regionName = (region: string): string => REGIONS[region] ?? region;

export function accountName(estate: Estate, accountId: string): string {
  return estate.accounts.find((a) => a.accountId === accountId)?.name ?? `account ${accountId}`;
}

/** The id the cloud itself gives: Google's is a number, Azure's is the resource id in the capitals people typed. */
export function cloudId(seed: number, asset: SeededAsset): string {
  switch (cloudOf(asset)) {
    case 'aws':
      return asset.resourceId;
    case 'azure':
      return azureId(asset);
    case 'gcp':
      return String(4_000_000_000_000_000 + keyOf(seed, `gcp/${asset.name}`));
  }
}

export function azureId(asset: SeededAsset): string {
  const [, , subscription, , group, , ...rest] = asset.assetKey.split('/');
  const name = rest.slice(2).join('/');
  return `/subscriptions/${subscription}/resourceGroups/${group?.toUpperCase()}/providers/${asset.resourceType}/${name}`;
}

/** The platform's unified id of an asset. */
export function assetIdOf(seed: number, asset: SeededAsset): string {
  return hexOf(keyOf(seed, `asset/${asset.name}`), 32);
}

/** Resource names are opaque: text for most assets, an object for every third. */
export function rrnOf(seed: number, asset: SeededAsset): string | { readonly rrn: string; readonly version: number } {
  const key = keyOf(seed, `rrn/${asset.name}`);
  const { region, accountId, name } = asset;
  const kind = (TYPES[asset.resourceType]?.resourceType ?? 'resource').toLowerCase().replaceAll(' ', '');
  const text = `rrn::${kind}:${region}:${accountId}:${hexOf(key, 8)}:${encodeURIComponent(name)}`;
  return key % 3 === 0 ? { rrn: text, version: 2 } : text;
}
