import { z } from 'zod';
import { AssetRef, Attributes } from './asset.ts';
import { IsoInstant } from './time.ts';

/** `resourceType` stays the provider's own word; `kind` is what the core tells facts apart by. */
const Common = AssetRef.extend({ tags: z.record(z.string(), z.string()) });

const InstanceVolume = z.object({
  volumeId: z.string(),
  device: z.string(),
  deleteOnTermination: z.boolean(),
  sizeGiB: z.number(),
  volumeType: z.string(),
  encrypted: z.boolean(),
});

/**
 * What the cloud itself says of a virtual machine. `null` is "not known", which a pre-flight check treats as a refusal.
 * Azure: `instanceType` is the VM size, `imageId` the image reference, `autoScalingGroup` the scale set, `terminationProtection`
 * a delete or read-only lock. Google Cloud: the machine type, the source image, the instance group manager, deletion protection.
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
  availabilityZone: z.string().nullable(),
  subnetId: z.string().nullable(),
  vpcId: z.string().nullable(),
  securityGroupIds: z.array(z.string()),
  privateIp: z.string().nullable(),
  publicIp: z.string().nullable(),
  /** Allocation id of the Elastic IP bound to it, if any. */
  eipAllocationId: z.string().nullable(),
  iamInstanceProfileArn: z.string().nullable(),
  autoScalingGroup: z.string().nullable(),
  /** `cloudformation`, `terraform`, `eks`, `ecs`, `emr`, `beanstalk`, or null when nothing claims it. */
  managedBy: z.string().nullable(),
  spot: z.boolean(),
  tenancy: z.string().nullable(),
  rootDeviceType: z.enum(['ebs', 'instance-store']).nullable(),
  instanceStoreVolumes: z.boolean().nullable(),
  terminationProtection: z.boolean().nullable(),
  stopProtection: z.boolean().nullable(),
  shutdownBehavior: z.enum(['stop', 'terminate']).nullable(),
  hibernationConfigured: z.boolean(),
  volumes: z.array(InstanceVolume),
  targetGroupArns: z.array(z.string()),
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
  kmsKeyId: z.string().nullable(),
  multiAttach: z.boolean(),
  createTime: IsoInstant,
  availabilityZone: z.string(),
  attachedInstanceIds: z.array(z.string()),
});
export type VolumeFacts = z.infer<typeof VolumeFacts>;

export const AddressFacts = Common.extend({
  kind: z.literal('address'),
  state: z.enum(['associated', 'unassociated']),
  publicIp: z.string(),
  associationId: z.string().nullable(),
  instanceId: z.string().nullable(),
  networkInterfaceId: z.string().nullable(),
});
export type AddressFacts = z.infer<typeof AddressFacts>;

export const LoadBalancerFacts = Common.extend({
  kind: z.literal('load-balancer'),
  state: z.enum(['provisioning', 'active', 'active_impaired', 'failed']),
  name: z.string(),
  loadBalancerType: z.enum(['application', 'network', 'gateway']),
  scheme: z.string().nullable(),
  dnsName: z.string(),
  createdTime: IsoInstant,
  deletionProtection: z.boolean().nullable(),
  registeredTargets: z.number().int(),
  healthyTargets: z.number().int(),
  targetGroupArns: z.array(z.string()),
  listenerArns: z.array(z.string()),
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
