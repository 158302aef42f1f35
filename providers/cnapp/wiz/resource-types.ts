import type { ResourceType } from '../../../schemas/asset.ts';

/** What Wiz calls our resource types, in filters and scan requests; a type that is not here is not asked for. */
export const WIZ_TYPE: Partial<Record<ResourceType, string>> = {
  'AWS::EC2::Instance': 'VIRTUAL_MACHINE',
  'AWS::EC2::Volume': 'VOLUME',
  'AWS::EC2::EIP': 'NETWORK_ADDRESS',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'LOAD_BALANCER',
  'AWS::RDS::DBInstance': 'DB_SERVER',
  'AWS::EC2::NatGateway': 'NAT',
  'AWS::EC2::Snapshot': 'SNAPSHOT',
  'AWS::S3::Bucket': 'BUCKET',
  'Microsoft.Compute/virtualMachines': 'VIRTUAL_MACHINE',
  'Microsoft.Compute/disks': 'VOLUME',
  'Microsoft.Compute/snapshots': 'SNAPSHOT',
  'Microsoft.Network/publicIPAddresses': 'NETWORK_ADDRESS',
  'Microsoft.Network/loadBalancers': 'LOAD_BALANCER',
  'Microsoft.Sql/managedInstances': 'DB_SERVER',
  'compute.googleapis.com/Instance': 'VIRTUAL_MACHINE',
  'compute.googleapis.com/Disk': 'VOLUME',
  'compute.googleapis.com/Snapshot': 'SNAPSHOT',
  'compute.googleapis.com/Address': 'NETWORK_ADDRESS',
  'sqladmin.googleapis.com/Instance': 'DB_SERVER',
};
