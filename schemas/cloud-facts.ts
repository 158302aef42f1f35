import { z } from 'zod';
import { AssetRef, Attributes } from './asset.ts';
import { IsoInstant } from './time.ts';

/** `resourceType` stays the provider's own word; `kind` is what the core tells facts apart by. */
const Common = AssetRef.extend({ tags: z.record(z.string(), z.string()) });

const InstanceVolume = z.object({
  volumeId: z.string(),
  device: z.string(),
  deletedWithInstance: z.boolean(),
  sizeGiB: z.number(),
  volumeType: z.string(),
  encrypted: z.boolean(),
  /** Key of an encrypted disk, where the cloud names it: AWS the ARN of the KMS key. Null or left out: not known. */
  encryptionKeyId: z.string().nullable().optional(),
});

/**
 * What the cloud itself says of a virtual machine. `null` is "not known", which a pre-flight check treats as a refusal.
 *
 * | field | AWS | Azure | Google Cloud |
 * |---|---|---|---|
 * | `instanceType` | instance type | VM size | machine type |
 * | `imageId` | AMI | image reference | source image |
 * | `networkId` | VPC | virtual network | network |
 * | `firewallIds` | security groups | network security groups | network tags |
 * | `staticAddressId` | allocation id of the Elastic IP | static public IP address | reserved address |
 * | `workloadIdentity` | instance profile | managed identities | service accounts |
 * | `scalingGroup` | Auto Scaling group | scale set | instance group manager |
 * | `rootDisk` | `persistent`: EBS | managed OS disk | persistent boot disk |
 * | `localDisks` | instance store | temporary disk | local SSD |
 * | `deletionProtection` | termination protection | delete or read-only lock | deletion protection |
 * | `backendGroupIds` | target groups | backend pools | instance groups |
 */
export const InstanceFacts = Common.extend({
  kind: z.literal('instance'),
  /** `stopped-allocated`: Azure's "stopped" without deallocation, which is still billed. `suspended`: Google Cloud. */
  state: z.enum([
    'pending',
    'running',
    'shutting-down',
    'terminated',
    'stopping',
    'stopped',
    'stopped-allocated',
    'suspended',
  ]),
  instanceType: z.string(),
  architecture: z.string().nullable(),
  imageId: z.string().nullable(),
  launchTime: IsoInstant,
  /** Transition time taken from StateTransitionReason when the instance is stopped. */
  stoppedAt: IsoInstant.nullable(),
  zone: z.string().nullable(),
  subnetId: z.string().nullable(),
  networkId: z.string().nullable(),
  firewallIds: z.array(z.string()),
  privateIp: z.string().nullable(),
  publicIp: z.string().nullable(),
  /** The address bound to it that stays when it stops, if any. */
  staticAddressId: z.string().nullable(),
  workloadIdentity: z.string().nullable(),
  scalingGroup: z.string().nullable(),
  /** `cloudformation`, `terraform`, `eks`, `ecs`, `emr`, `beanstalk`, or null when nothing claims it. */
  managedBy: z.string().nullable(),
  spot: z.boolean(),
  /** Accelerators that were attached to it, where the type does not say (Google Cloud). */
  accelerators: z.number().int().nonnegative().nullable().optional(),
  tenancy: z.string().nullable(),
  rootDisk: z.enum(['persistent', 'local']).nullable(),
  localDisks: z.boolean().nullable(),
  deletionProtection: z.boolean().nullable(),
  stopProtection: z.boolean().nullable(),
  shutdownBehavior: z.enum(['stop', 'terminate']).nullable(),
  hibernationConfigured: z.boolean(),
  volumes: z.array(InstanceVolume),
  backendGroupIds: z.array(z.string()),
});
export type InstanceFacts = z.infer<typeof InstanceFacts>;

export const VolumeFacts = Common.extend({
  kind: z.literal('volume'),
  state: z.enum(['creating', 'available', 'in-use', 'deleting', 'deleted', 'error']),
  sizeGiB: z.number(),
  volumeType: z.string(),
  iops: z.number().nullable(),
  throughput: z.number().nullable(),
  encrypted: z.boolean(),
  encryptionKeyId: z.string().nullable(),
  multiAttach: z.boolean(),
  createTime: IsoInstant,
  zone: z.string(),
  attachedInstanceIds: z.array(z.string()),
  /** Azure: a delete or read-only lock. The other clouds protect no disk. */
  deletionProtection: z.boolean().nullable().optional(),
});
export type VolumeFacts = z.infer<typeof VolumeFacts>;

export const AddressFacts = Common.extend({
  kind: z.literal('address'),
  state: z.enum(['associated', 'unassociated']),
  publicIp: z.string(),
  associationId: z.string().nullable(),
  instanceId: z.string().nullable(),
  networkInterfaceId: z.string().nullable(),
  /** Azure: a delete or read-only lock. The other clouds protect no address. */
  deletionProtection: z.boolean().nullable().optional(),
});
export type AddressFacts = z.infer<typeof AddressFacts>;

export const LoadBalancerFacts = Common.extend({
  kind: z.literal('load-balancer'),
  state: z.enum(['provisioning', 'active', 'impaired', 'failed']),
  name: z.string(),
  loadBalancerType: z.enum(['application', 'network', 'gateway']),
  scheme: z.string().nullable(),
  dnsName: z.string(),
  createdTime: IsoInstant,
  deletionProtection: z.boolean().nullable(),
  registeredTargets: z.number().int(),
  healthyTargets: z.number().int(),
  backendGroupIds: z.array(z.string()),
  listenerIds: z.array(z.string()),
});
export type LoadBalancerFacts = z.infer<typeof LoadBalancerFacts>;

/** A managed database server that can be stopped and started. */
export const DatabaseFacts = Common.extend({
  kind: z.literal('database'),
  state: z.enum(['creating', 'available', 'stopping', 'stopped', 'starting', 'deleting', 'deleted', 'failed', 'other']),
  /** `postgres`, `mysql`, `sqlserver`, …, as the provider spells it. */
  engine: z.string(),
  /** `db.t3.medium`, `GP_Gen5_8`, `db-custom-2-7680`. */
  instanceClass: z.string(),
  storageGiB: z.number().nullable(),
  storageType: z.string().nullable(),
  createTime: IsoInstant.nullable(),
  /** Replicates from another server: never idle by its own connections. */
  replicaOf: z.string().nullable(),
  /** Servers that replicate from this one; a provider refuses to stop one that has any. */
  replicas: z.array(z.string()),
  /** Member of a cluster that is stopped as a whole. */
  clusterId: z.string().nullable(),
  multiZone: z.boolean().nullable(),
  deletionProtection: z.boolean().nullable(),
  publiclyAccessible: z.boolean().nullable(),
  /** Azure: a read-only lock. The other clouds have nothing of the kind for a database. */
  stopProtection: z.boolean().nullable().optional(),
});
export type DatabaseFacts = z.infer<typeof DatabaseFacts>;

/** Anything that is only reported: its configuration, flattened, from the cloud or from a CNAPP's copy. */
export const ResourceFacts = Common.extend({
  kind: z.literal('resource'),
  state: z.string(),
  createTime: IsoInstant.nullable(),
  attributes: Attributes,
});
export type ResourceFacts = z.infer<typeof ResourceFacts>;

/** The cloud provider's own, freshly read description of one asset. */
export const CloudFacts = z.discriminatedUnion('kind', [
  InstanceFacts,
  VolumeFacts,
  AddressFacts,
  LoadBalancerFacts,
  DatabaseFacts,
  ResourceFacts,
]);
export type CloudFacts = z.infer<typeof CloudFacts>;
