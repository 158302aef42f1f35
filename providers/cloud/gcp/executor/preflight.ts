import type { ResourceType } from '../../../../schemas/asset.ts';
import type {
  AddressFacts,
  CloudFacts,
  DatabaseFacts,
  InstanceFacts,
  VolumeFacts,
} from '../../../../schemas/cloud-facts.ts';
import type { ActionName, Plan } from '../../../../schemas/option.ts';
import { lastPart, parseName } from '../ids.ts';
import { managedBy } from '../reader/managed-by.ts';

/** An action that is absent does not exist here. */
const ACTS_ON: Partial<Record<ActionName, ResourceType>> = {
  'stop-instance': 'compute.googleapis.com/Instance',
  'snapshot-and-terminate-instance': 'compute.googleapis.com/Instance',
  'resize-instance': 'compute.googleapis.com/Instance',
  'snapshot-and-delete-volume': 'compute.googleapis.com/Disk',
  'release-address': 'compute.googleapis.com/Address',
  'stop-database': 'sqladmin.googleapis.com/Instance',
};
const COLLECTION: Partial<Record<ResourceType, string>> = {
  'compute.googleapis.com/Instance': 'instances',
  'compute.googleapis.com/Disk': 'disks',
  'compute.googleapis.com/Address': 'addresses',
  'sqladmin.googleapis.com/Instance': 'instances',
};

/**
 * Every check that fails or cannot be answered, as `preflight:<code>`; `…_unknown` means the fact was not known. Pure. States
 * our own half-done work leaves behind pass here; the action itself tells ours from others'.
 */
export function preflightCodes(plan: Plan, facts: CloudFacts): string[] {
  return [...identity(plan, facts), ...byKind(plan.action, facts)].map((code) => `preflight:${code}`);
}

function identity(plan: Plan, facts: CloudFacts): string[] {
  const path = parseName(plan.assetKey);
  const same =
    path !== null &&
    path.projectId === plan.accountId &&
    path.collection === COLLECTION[plan.resourceType] &&
    plan.assetKey === plan.resourceId &&
    facts.resourceId === plan.resourceId &&
    facts.accountId === plan.accountId &&
    facts.region === plan.region &&
    facts.assetKey === plan.assetKey;
  const fits = ACTS_ON[plan.action] === plan.resourceType && facts.resourceType === plan.resourceType;
  return [...(same ? [] : ['id_account_region_match']), ...(fits ? [] : ['action_resource_mismatch'])];
}

function byKind(action: ActionName, facts: CloudFacts): string[] {
  switch (facts.kind) {
    case 'instance':
      return instance(action, facts);
    case 'volume':
      return volume(facts);
    case 'address':
      return address(facts);
    case 'database':
      return database(facts);
    case 'load-balancer':
    case 'resource':
      return ['action_resource_mismatch'];
  }
}

function instance(action: ActionName, facts: InstanceFacts): string[] {
  const codes: string[] = [];
  const terminates = action === 'snapshot-and-terminate-instance';
  if (['pending', 'shutting-down', 'terminated', 'stopped-allocated'].includes(facts.state))
    codes.push('state_allowed');
  if (facts.state === 'suspended' && action === 'resize-instance') codes.push('state_allowed');
  if (facts.rootDisk === null) codes.push('boot_disk_unknown');
  else if (facts.rootDisk !== 'persistent') codes.push('boot_disk_not_persistent');
  codes.push(...flag(facts.localDisks, 'local_ssd'));
  if (facts.scalingGroup !== null) codes.push('instance_group_member');
  if (facts.managedBy !== null) codes.push(`managed_${facts.managedBy.replaceAll('-', '_')}`);
  if (facts.spot) codes.push('spot');
  if (terminates) codes.push(...flag(facts.deletionProtection, 'deletion_protection'));
  // Unmanaged groups and target pools are what load balancers send to.
  if (facts.backendGroupIds.length > 0) codes.push('lb_target_registered');
  if (facts.shutdownBehavior !== 'stop') codes.push('deleted_when_stopped');
  if (facts.tenancy !== 'default') codes.push('dedicated_tenancy');
  if (terminates && facts.volumes.length === 0) codes.push('volumes_unknown');
  if (terminates && facts.volumes.some((v) => parseName(v.volumeId)?.scope !== 'zones')) codes.push('regional_disk');
  // A resized machine goes on working, so whoever reaches it by its address would lose it.
  if (action === 'resize-instance' && facts.publicIp !== null && facts.staticAddressId === null)
    codes.push('ephemeral_external_ip');
  return codes;
}

function volume(facts: VolumeFacts): string[] {
  const codes = managed(facts);
  if (facts.attachedInstanceIds.length > 0) codes.push('volume_attached');
  if (facts.state !== 'available') codes.push('state_allowed');
  if (facts.multiAttach) codes.push('multi_attach');
  if (parseName(facts.assetKey)?.scope !== 'zones') codes.push('regional_disk');
  // Only persistent disks come back from a snapshot with what they had: the others have speeds of their own to set.
  if (!/^pd-(standard|balanced|ssd)$/.test(facts.volumeType)) codes.push('disk_type_not_supported');
  // Nobody but its owner has the key a copy would need.
  if (facts.encryptionKeyId === 'customer-supplied') codes.push('customer_supplied_key');
  return codes;
}

function address(facts: AddressFacts): string[] {
  const codes = managed(facts);
  if (facts.state !== 'unassociated') codes.push('address_associated');
  if (facts.publicIp === '') codes.push('address_without_number');
  return codes;
}

function database(facts: DatabaseFacts): string[] {
  const codes = managed(facts);
  if (!['available', 'stopping', 'stopped'].includes(facts.state)) codes.push('state_allowed');
  if (facts.replicaOf !== null) codes.push('replica');
  if (facts.replicas.length > 0) codes.push('replica_source');
  if (facts.clusterId !== null) codes.push('pool_member');
  return codes;
}

function managed(facts: CloudFacts): string[] {
  const owner = managedBy(facts.tags, lastPart(facts.assetKey));
  return owner === null ? [] : [`managed_${owner.replaceAll('-', '_')}`];
}

/** True blocks, and so does not knowing. */
function flag(value: boolean | null, code: string): string[] {
  if (value === null) return [`${code}_unknown`];
  return value ? [code] : [];
}
