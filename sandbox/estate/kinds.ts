import type { CloudProvider, ResourceKind, ResourceType } from '../../schemas/resource-type.ts';

/** What there is of each kind in the embedded estate, said again from the clouds' own names of their types. */
const KINDS: Readonly<Partial<Record<ResourceType, ResourceKind>>> = {
  'AWS::EC2::Instance': 'instance',
  'AWS::EC2::Volume': 'volume',
  'AWS::EC2::EIP': 'address',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'load-balancer',
  'AWS::RDS::DBInstance': 'database',
  'Microsoft.Compute/virtualMachines': 'instance',
  'Microsoft.Compute/disks': 'volume',
  'Microsoft.Network/publicIPAddresses': 'address',
  'Microsoft.Network/loadBalancers': 'load-balancer',
  'Microsoft.Sql/managedInstances': 'database',
  'compute.googleapis.com/Instance': 'instance',
  'compute.googleapis.com/Disk': 'volume',
  'compute.googleapis.com/Address': 'address',
  'sqladmin.googleapis.com/Instance': 'database',
};

export function kindOf(type: ResourceType): ResourceKind {
  return KINDS[type] ?? 'resource';
}

/** The clouds begin the names of their types differently. */
export function providerOf(type: ResourceType): CloudProvider {
  if (type.startsWith('AWS::')) return 'aws';
  return type.startsWith('Microsoft.') ? 'azure' : 'gcp';
}
