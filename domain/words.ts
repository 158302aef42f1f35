import type { ResourceType } from '../schemas/asset.ts';
import type { ActionName } from '../schemas/option.ts';
import type { Stage } from '../schemas/outcome.ts';

/** What an action is called wherever people read it. */
export const ACTION_TITLE: Readonly<Record<ActionName, string>> = {
  'stop-instance': 'Secure stop',
  'snapshot-and-terminate-instance': 'Snapshot & terminate',
  'resize-instance': 'Downsize',
  'snapshot-and-delete-volume': 'Snapshot & delete volume',
  'release-address': 'Release address',
  'delete-load-balancer': 'Delete load balancer',
  'stop-database': 'Stop database',
};

/** Types whose own name would say little to a reader. */
const TYPE_WORDS: Partial<Record<ResourceType, string>> = {
  'AWS::EC2::Instance': 'EC2 instance',
  'AWS::EC2::Volume': 'EBS volume',
  'AWS::EC2::EIP': 'Elastic IP address',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'load balancer',
  'AWS::RDS::DBInstance': 'RDS database instance',
  'Microsoft.Compute/virtualMachines': 'Azure virtual machine',
  'Microsoft.Compute/disks': 'Azure managed disk',
  'Microsoft.Network/publicIPAddresses': 'Azure public IP address',
  'Microsoft.Network/loadBalancers': 'Azure load balancer',
  'Microsoft.Sql/managedInstances': 'Azure SQL managed instance',
  'compute.googleapis.com/Instance': 'Compute Engine instance',
  'compute.googleapis.com/Disk': 'persistent disk',
  'compute.googleapis.com/Address': 'external IP address',
  'sqladmin.googleapis.com/Instance': 'Cloud SQL instance',
};

/** What a kind of asset is called in a sentence: `EBS volume`, `nat gateway`. */
export function assetWords(type: ResourceType): string {
  const own = type.split(/[/:]+/).at(-1) ?? type;
  return TYPE_WORDS[type] ?? own.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  gathering: 'Gathering facts',
  assessing: 'Assessing the risk',
  ticketing: 'Opening the ticket',
  'awaiting-decision': 'Waiting for a decision',
  snoozed: 'Snoozed',
  executing: 'Making the change',
  holding: 'Held before destroying',
  verifying: 'Verifying the change',
  'awaiting-bill': 'Waiting for the bill',
  closing: 'Closing',
  closed: 'Closed',
};

/** What the rule found, as an adjective: an over-provisioned machine works, so it must not be called idle. */
export function findingWord(ruleId: string): 'idle' | 'oversized' {
  return ruleId.endsWith('over-provisioned') ? 'oversized' : 'idle';
}

/** `2026-11-23 23:06 UTC` from an ISO instant, for texts that cannot show the reader's own time zone. */
export function readableInstant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `1 approval`, `2 approvals`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

const REASON_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^policy:forbid-(.+)$/, 'the policy forbids it ($1)'],
  [/^policy:(.+)$/, 'the policy does not allow it ($1)'],
  [/^budget:(.+)$/, 'the limit is reached ($1)'],
  [/^drift:(.+)$/, '$1 has changed'],
  [/^preflight:(.+)$/, 'the check before the change found: $1'],
  [/^busy-again:(.+)$/, 'it is busy again ($1)'],
  [/^start:(.+)$/, 'it could not be started ($1)'],
  [/^cnapp-policy:(.+)$/, 'a policy of the CNAPP forbids it ($1)'],
  [/^cnapp-detection$/, 'a threat was detected on it since it was assessed'],
  [/^asset-not-found$/, 'it is not there any more'],
  [/^rescan:(.+)$/, 'the rescan ended as $1'],
  [/^issue-still-open$/, 'an issue is still open'],
];

/** A reason code as people read it; what people wrote stays as it is. */
export function reasonWords(reason: string): string {
  if (/\s/.test(reason)) return reason;
  const known = REASON_WORDS.find(([code]) => code.test(reason));
  return (known ? reason.replace(...known) : reason).replaceAll('_', ' ');
}
