import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';
import { ResourceType } from '../../../schemas/resource-type.ts';

/**
 * Orca's models for our resource types. The vendor publishes no list: the first of each cloud come from clients it ships
 * itself, the others follow its way of naming. A name the tenant refuses is reported with the inventory, never guessed on.
 */
export const ORCA_MODELS: Readonly<Partial<Record<ResourceType, string>>> = {
  'AWS::EC2::Instance': 'AwsEc2Instance',
  'AWS::EC2::Volume': 'AwsEc2EbsVolume',
  'AWS::EC2::EIP': 'AwsEc2ElasticIpAddress',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'AwsEc2Elbv2',
  'AWS::RDS::DBInstance': 'AwsRdsDbInstance',
  'AWS::EC2::Snapshot': 'AwsEc2EbsSnapshot',
  'AWS::EC2::Image': 'AwsEc2Image',
  'AWS::EC2::VPCEndpoint': 'AwsEc2VpcEndpoint',
  'AWS::Lambda::Function': 'AwsLambdaFunction',
  'Microsoft.Compute/virtualMachines': 'AzureComputeVm',
  'Microsoft.Compute/virtualMachineScaleSets': 'AzureComputeVmScaleSets',
  'Microsoft.Compute/images': 'AzureComputeImage',
  'Microsoft.Storage/storageAccounts': 'AzureStorageAccount',
  'Microsoft.Compute/disks': 'AzureComputeDisk',
  'Microsoft.Network/publicIPAddresses': 'AzureNetworkPublicIpAddress',
  'Microsoft.Network/loadBalancers': 'AzureNetworkLoadBalancer',
  'Microsoft.Sql/managedInstances': 'AzureSqlManagedInstance',
  'compute.googleapis.com/Instance': 'GcpVmInstance',
  'compute.googleapis.com/Disk': 'GcpVmDisk',
  'compute.googleapis.com/Snapshot': 'GcpVmSnapshot',
  'compute.googleapis.com/Image': 'GcpVmImage',
  'compute.googleapis.com/Address': 'GcpVmAddress',
  'sqladmin.googleapis.com/Instance': 'GcpSqlInstance',
};

/** Orca Security: the section `cnapp.orca`. Names that its public clients do not settle can be set here. */
export const Orca = z.strictObject({
  apiUrl: Url.default('https://api.orcasecurity.io'),
  apiToken: SecretRef,
  maxConcurrent: z.number().int().positive().default(4),
  timeout: Duration.default(30_000),
  /** How long one request may wait for the vendor's rate limit before the caller is told to come back. */
  rateLimitWait: Duration.default(15_000),
  /** Which of the two alert interfaces a tenant has: the model Alert of the serving layer, or the older query. */
  alertApi: z.enum(['serving-layer', 'query']).default('serving-layer'),
  /**
   * How an alert of the serving layer names its asset. The vendor's own Terraform provider says `Inventory`, another public
   * client `Inventories`; a tenant refuses the wrong one as an unknown field, at the first posture that is read.
   */
  alertRelation: z.enum(['Inventory', 'Inventories']).default('Inventory'),
  /** Model per resource type, over the built-in names; null: this type is not asked for. */
  models: z.partialRecord(ResourceType, z.string().min(1).nullable()).default({}),
  /** Key of the model CloudAccount that holds the account number, subscription id or project id. */
  accountKey: z.string().min(1).default('CloudVendorId'),
  /** Keys that may hold the cloud's own id of an asset, in the order of trust. */
  idKeys: z.array(z.string().min(1)).min(1).default(['Arn', 'UiUniqueField', 'AssetVendorId']),
  /** Keys of a vulnerability that say "an exploit exists" and "known to be exploited". */
  exploitKey: z.string().min(1).default('HasExploit'),
  kevKey: z.string().min(1).default('CisaKev'),
  /** Labels and observations that mean sensitive data, and rights of an administrator. */
  sensitiveLabels: z.array(z.string()).default(['pii', 'sensitive_data']),
  adminLabels: z.array(z.string()).default(['admin_privileges']),
  imageModel: z.string().min(1).default('ContainerImage'),
  imageDigestKey: z.string().min(1).default('ImageDigest'),
  /** Alert types that mean "unused". Shown as evidence only. */
  idleAlertTypes: z
    .array(z.string())
    .default([
      'Stopped Ec2 instance not removed',
      'Ensure EBS volume is attached to an EC2 instance',
      'Low disk space utilization in your AWS EC2 EBS volume',
      'Ensure GCP disk is attached to a virtual machine',
      'Low disk space utilization in your GCP Disk',
    ]),
});
export type Orca = z.infer<typeof Orca>;
