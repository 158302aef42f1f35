/**
 * Names of the vendor's models. AwsEc2Instance, AwsEc2EbsVolume, AwsEc2ElasticIpAddress, AwsS3Bucket, AzureComputeVm and
 * GcpVmInstance are in public clients of the vendor; the others are made in its way and proved by nothing.
 */
export const MODELS: Readonly<Record<string, string>> = {
  'AWS::EC2::Instance': 'AwsEc2Instance',
  'AWS::EC2::Volume': 'AwsEc2EbsVolume',
  'AWS::EC2::EIP': 'AwsEc2ElasticIpAddress',
  'AWS::S3::Bucket': 'AwsS3Bucket',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'AwsEc2Elbv2',
  'AWS::RDS::DBInstance': 'AwsRdsDbInstance',
  'Microsoft.Compute/virtualMachines': 'AzureComputeVm',
  'Microsoft.Compute/disks': 'AzureComputeDisk',
  'Microsoft.Network/publicIPAddresses': 'AzureNetworkPublicIpAddress',
  'Microsoft.Network/loadBalancers': 'AzureNetworkLoadBalancer',
  'Microsoft.Sql/managedInstances': 'AzureSqlManagedInstance',
  'compute.googleapis.com/Instance': 'GcpVmInstance',
  'compute.googleapis.com/Disk': 'GcpVmDisk',
  'compute.googleapis.com/Address': 'GcpVmAddress',
  'sqladmin.googleapis.com/Instance': 'GcpSqlInstance',
};
