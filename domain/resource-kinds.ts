import type { CloudProvider, ResourceKind, ResourceType } from '../schemas/resource-type.ts';

/** Types that can be acted on. Every other type is a `resource`: seen, judged and reported. */
const ACTIONABLE: Partial<Record<ResourceType, Exclude<ResourceKind, 'resource'>>> = {
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
  return ACTIONABLE[type] ?? 'resource';
}

/** Which cloud has resources of this type. */
export function providerOf(type: ResourceType): CloudProvider {
  if (type.startsWith('AWS::')) return 'aws';
  return type.startsWith('Microsoft.') ? 'azure' : 'gcp';
}
