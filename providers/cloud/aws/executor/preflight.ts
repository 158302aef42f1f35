import type { ResourceType } from '../../../../schemas/asset.ts';
import type {
  AddressFacts,
  CloudFacts,
  DatabaseFacts,
  InstanceFacts,
  LoadBalancerFacts,
  VolumeFacts,
} from '../../../../schemas/cloud-facts.ts';
import type { ActionName, Plan } from '../../../../schemas/option.ts';
import { expectedArn, placeOf } from '../arn.ts';
import { managedBy } from '../reader/managed-by.ts';

const ACTS_ON = {
  'stop-instance': 'AWS::EC2::Instance',
  'snapshot-and-terminate-instance': 'AWS::EC2::Instance',
  'resize-instance': 'AWS::EC2::Instance',
  'snapshot-and-delete-volume': 'AWS::EC2::Volume',
  'release-address': 'AWS::EC2::EIP',
  'delete-load-balancer': 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'stop-database': 'AWS::RDS::DBInstance',
} as const satisfies Record<ActionName, ResourceType>;

/**
 * Every check that fails or cannot be answered, as `preflight:<code>`; `…_unknown` means the fact was not known. Pure. States
 * our own half-done work leaves behind (stopped, of the target type) pass here; the action itself tells ours from others'.
 */
export function preflightCodes(plan: Plan, facts: CloudFacts): string[] {
  return [...identity(plan, facts), ...byType(plan, facts)].map((code) => `preflight:${code}`);
}

/** Worth telling, not worth refusing: what a stop changes although the plan stays right. */
export function preflightWarnings(facts: CloudFacts): string[] {
  if (facts.kind !== 'instance') return [];
  const warnings: string[] = [];
  if (facts.publicIp !== null && facts.staticAddressId === null) warnings.push('public_ip_without_eip');
  if (facts.staticAddressId !== null) warnings.push('eip_attached');
  if (facts.volumes.some((v) => !v.deletedWithInstance)) warnings.push('volumes_survive_termination');
  return warnings;
}

function identity(plan: Plan, facts: CloudFacts): string[] {
  const place = placeOf(plan.assetKey);
  const same =
    facts.resourceId === plan.resourceId &&
    facts.accountId === plan.accountId &&
    facts.region === plan.region &&
    facts.assetKey === plan.assetKey &&
    expectedArn(plan) === plan.assetKey &&
    place?.accountId === plan.accountId &&
    place.region === plan.region;
  const fits = ACTS_ON[plan.action] === plan.resourceType && facts.resourceType === plan.resourceType;
  return [...(same ? [] : ['id_account_region_match']), ...(fits ? [] : ['action_resource_mismatch'])];
}

function byType(plan: Plan, facts: CloudFacts): string[] {
  switch (facts.kind) {
    case 'instance':
      return instance(plan.action, facts);
    case 'volume':
      return volume(facts);
    case 'address':
      return address(facts);
    case 'load-balancer':
      return loadBalancer(facts);
    case 'database':
      return database(facts);
    case 'resource':
      return ['action_resource_mismatch'];
  }
}

function instance(action: ActionName, facts: InstanceFacts): string[] {
  const codes: string[] = [];
  const terminates = action === 'snapshot-and-terminate-instance';
  if (facts.state === 'pending' || facts.state === 'shutting-down' || facts.state === 'terminated')
    codes.push('state_allowed');
  if (facts.rootDisk === null) codes.push('root_device_unknown');
  else if (facts.rootDisk !== 'persistent') codes.push('root_device_ebs');
  codes.push(...flag(facts.localDisks, 'instance_store_volumes'));
  if (facts.scalingGroup !== null) codes.push('asg_member');
  if (facts.managedBy !== null) codes.push(`managed_${facts.managedBy}`);
  if (facts.spot) codes.push('spot');
  codes.push(...flag(facts.stopProtection, 'stop_protection'));
  if (terminates) codes.push(...flag(facts.deletionProtection, 'termination_protection'));
  if (facts.shutdownBehavior === null) codes.push('shutdown_behavior_unknown');
  else if (facts.shutdownBehavior === 'terminate') codes.push('shutdown_behavior_terminate');
  if (facts.backendGroupIds.length > 0) codes.push('lb_target_registered');
  if (facts.hibernationConfigured) codes.push('hibernation_configured');
  if (facts.tenancy === null) codes.push('tenancy_unknown');
  else if (facts.tenancy !== 'default') codes.push('dedicated_tenancy');
  if (terminates && facts.volumes.length === 0) codes.push('volumes_unknown');
  // A resized machine goes on working, so whoever reaches it by its address would lose it; a stopped one loses nobody.
  if (action === 'resize-instance' && facts.publicIp !== null && facts.staticAddressId === null)
    codes.push('public_ip_without_eip');
  return codes;
}

function volume(facts: VolumeFacts): string[] {
  const codes = managed(facts);
  if (facts.attachedInstanceIds.length > 0) codes.push('volume_attached');
  if (facts.state !== 'available') codes.push('state_allowed');
  if (facts.multiAttach) codes.push('multi_attach');
  if (facts.encrypted && facts.encryptionKeyId === null) codes.push('kms_key_unknown');
  return codes;
}

function address(facts: AddressFacts): string[] {
  const codes = managed(facts);
  if (facts.state !== 'unassociated') codes.push('address_associated');
  return codes;
}

function loadBalancer(facts: LoadBalancerFacts): string[] {
  const codes = managed(facts);
  if (facts.state === 'provisioning') codes.push('state_allowed');
  codes.push(...flag(facts.deletionProtection, 'deletion_protection'));
  return codes;
}

/** RDS refuses to stop a replica, the source of one, and the member of a cluster; SQL Server in two zones as well. */
function database(facts: DatabaseFacts): string[] {
  const codes = managed(facts);
  if (!['available', 'stopping', 'stopped'].includes(facts.state)) codes.push('state_allowed');
  if (facts.replicaOf !== null) codes.push('replica');
  if (facts.replicas.length > 0) codes.push('replica_source');
  if (facts.clusterId !== null) codes.push('cluster_member');
  if (facts.engine.startsWith('sqlserver') && facts.multiZone !== false) codes.push('multi_zone_sqlserver');
  return codes;
}

function managed(facts: CloudFacts): string[] {
  const owner = managedBy(facts.tags);
  return owner === null ? [] : [`managed_${owner}`];
}

/** True blocks, and so does not knowing. */
function flag(value: boolean | null, code: string): string[] {
  if (value === null) return [`${code}_unknown`];
  return value ? [code] : [];
}
