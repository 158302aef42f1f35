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
import { parseId } from '../ids.ts';
import type { LockedBy } from '../reader/locks.ts';
import { managedBy } from '../reader/managed-by.ts';

const ACTS_ON = {
  'stop-instance': 'Microsoft.Compute/virtualMachines',
  'snapshot-and-terminate-instance': 'Microsoft.Compute/virtualMachines',
  'resize-instance': 'Microsoft.Compute/virtualMachines',
  'snapshot-and-delete-volume': 'Microsoft.Compute/disks',
  'release-address': 'Microsoft.Network/publicIPAddresses',
  'delete-load-balancer': 'Microsoft.Network/loadBalancers',
  'stop-database': 'Microsoft.Sql/managedInstances',
} as const satisfies Record<ActionName, ResourceType>;

/**
 * Every check that fails or cannot be answered, as `preflight:<code>`; `…_unknown` means the fact was not known. Pure. States
 * our own half-done work leaves behind pass here; the action itself tells ours from others'. `locked` counts for the kinds
 * whose facts have no field for locks.
 */
export function preflightCodes(plan: Plan, facts: CloudFacts, locked: LockedBy): string[] {
  return [...identity(plan, facts), ...byKind(plan.action, facts, locked)].map((code) => `preflight:${code}`);
}

function identity(plan: Plan, facts: CloudFacts): string[] {
  const path = parseId(plan.assetKey);
  const same =
    path !== null &&
    path.subscriptionId === plan.accountId &&
    path.type === plan.resourceType.toLowerCase() &&
    plan.assetKey === plan.resourceId &&
    plan.assetKey === plan.assetKey.toLowerCase() &&
    facts.resourceId === plan.resourceId &&
    facts.accountId === plan.accountId &&
    facts.region === plan.region &&
    facts.assetKey === plan.assetKey;
  const fits = ACTS_ON[plan.action] === plan.resourceType && facts.resourceType === plan.resourceType;
  return [...(same ? [] : ['id_account_region_match']), ...(fits ? [] : ['action_resource_mismatch'])];
}

function byKind(action: ActionName, facts: CloudFacts, locked: LockedBy): string[] {
  switch (facts.kind) {
    case 'instance':
      return instance(action, facts);
    case 'volume':
      return volume(facts, locked);
    case 'address':
      return address(facts, locked);
    case 'load-balancer':
      return loadBalancer(facts);
    case 'database':
      return database(facts, locked);
    case 'resource':
      return ['action_resource_mismatch'];
  }
}

function instance(action: ActionName, facts: InstanceFacts): string[] {
  const codes: string[] = [];
  const terminates = action === 'snapshot-and-terminate-instance';
  if (['pending', 'shutting-down', 'terminated', 'suspended'].includes(facts.state)) codes.push('state_allowed');
  if (facts.rootDisk === null) codes.push('os_disk_not_managed');
  else if (facts.rootDisk !== 'persistent') codes.push('ephemeral_os_disk');
  codes.push(...flag(facts.localDisks, 'local_disks'));
  if (facts.scalingGroup !== null) codes.push('scale_set_member');
  if (facts.managedBy !== null) codes.push(`managed_${facts.managedBy}`);
  if (facts.spot) codes.push('spot');
  codes.push(...flag(facts.stopProtection, 'read_only_lock'));
  if (terminates) codes.push(...flag(facts.deletionProtection, 'delete_lock'));
  if (facts.backendGroupIds.length > 0) codes.push('lb_target_registered');
  if (facts.hibernationConfigured) codes.push('hibernation_configured');
  if (facts.tenancy !== 'default') codes.push('dedicated_tenancy');
  if (terminates && facts.volumes.length === 0) codes.push('volumes_unknown');
  // A resized machine goes on working, so whoever reaches it by its address would lose it.
  if (action === 'resize-instance' && facts.publicIp !== null && facts.staticAddressId === null)
    codes.push('dynamic_public_ip');
  return codes;
}

function volume(facts: VolumeFacts, locked: LockedBy): string[] {
  const codes = [...managed(facts), ...deletionLock(locked)];
  if (facts.attachedInstanceIds.length > 0) codes.push('volume_attached');
  if (facts.state !== 'available') codes.push('state_allowed');
  if (facts.multiAttach) codes.push('multi_attach');
  // These cannot be copied by a snapshot that is whole at once, or not in every region.
  if (/^(UltraSSD|PremiumV2)/.test(facts.volumeType)) codes.push('disk_type_not_supported');
  return codes;
}

function address(facts: AddressFacts, locked: LockedBy): string[] {
  const codes = [...managed(facts), ...deletionLock(locked)];
  if (facts.state !== 'unassociated') codes.push('address_associated');
  if (facts.publicIp === '') codes.push('address_without_number');
  return codes;
}

function loadBalancer(facts: LoadBalancerFacts): string[] {
  const codes = managed(facts);
  if (facts.state === 'provisioning') codes.push('state_allowed');
  if (facts.registeredTargets > 0) codes.push('lb_has_backends');
  codes.push(...flag(facts.deletionProtection, 'delete_lock'));
  return codes;
}

/** Azure stops no member of a failover group and none of a pool, and only instances of the General Purpose tier. */
function database(facts: DatabaseFacts, locked: LockedBy): string[] {
  const codes = managed(facts);
  if (!['available', 'stopping', 'stopped'].includes(facts.state)) codes.push('state_allowed');
  if (facts.replicaOf !== null) codes.push('replica');
  if (facts.replicas.length > 0) codes.push('replica_source');
  if (facts.clusterId !== null) codes.push('pool_member');
  if (!facts.instanceClass.startsWith('GP_')) codes.push('tier_cannot_be_stopped');
  if (locked.changing) codes.push('read_only_lock');
  return codes;
}

function deletionLock(locked: LockedBy): string[] {
  return locked.deleting ? ['delete_lock'] : [];
}

function managed(facts: CloudFacts): string[] {
  const owner = managedBy(facts.tags, parseId(facts.assetKey)?.resourceGroup ?? '');
  return owner === null ? [] : [`managed_${owner}`];
}

/** True blocks, and so does not knowing. */
function flag(value: boolean | null, code: string): string[] {
  if (value === null) return [`${code}_unknown`];
  return value ? [code] : [];
}
