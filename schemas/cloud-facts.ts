import { z } from 'zod';
import { AssetRef } from './asset.ts';
import { IsoInstant } from './time.ts';

const Common = AssetRef.extend({ tags: z.record(z.string(), z.string()) });

const InstanceVolume = z.object({
  volumeId: z.string(),
  device: z.string(),
  deleteOnTermination: z.boolean(),
  sizeGiB: z.number(),
  volumeType: z.string(),
  encrypted: z.boolean(),
});

/** What EC2 itself says of an instance. `null` is "not known", which a pre-flight check treats as a refusal. */
export const InstanceFacts = Common.extend({
  resourceType: z.literal('AWS::EC2::Instance'),
  state: z.enum(['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped']),
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
  resourceType: z.literal('AWS::EC2::Volume'),
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
  resourceType: z.literal('AWS::EC2::EIP'),
  state: z.enum(['associated', 'unassociated']),
  publicIp: z.string(),
  associationId: z.string().nullable(),
  instanceId: z.string().nullable(),
  networkInterfaceId: z.string().nullable(),
});
export type AddressFacts = z.infer<typeof AddressFacts>;

export const LoadBalancerFacts = Common.extend({
  resourceType: z.literal('AWS::ElasticLoadBalancingV2::LoadBalancer'),
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

/** The cloud provider's own, freshly read description of one asset. */
export const CloudFacts = z.discriminatedUnion('resourceType', [
  InstanceFacts,
  VolumeFacts,
  AddressFacts,
  LoadBalancerFacts,
]);
export type CloudFacts = z.infer<typeof CloudFacts>;
