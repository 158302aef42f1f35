import { kindOf } from '../../../domain/resource-kinds.ts';
import type { Attributes, InventoryAsset } from '../../../schemas/asset.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';

type Status = InventoryAsset['status'];

/** Where the clouds write the state of a resource, in their describe calls. */
const STATE_AT = [
  'extended.instanceView.powerState.code',
  'powerState',
  'state.name',
  'state.code',
  'state',
  'status',
  'dBInstanceStatus',
];

const ACTIVE = new Set(['running', 'in-use', 'in_use', 'active', 'available', 'ready', 'runnable']);
const INACTIVE = new Set([
  'stopped',
  'stopping',
  'terminated',
  'shutting-down',
  'suspended',
  'deallocated',
  'reserved',
]);
const FAILED = new Set(['error', 'failed', 'impaired']);

/** Whether a resource works, by its configuration. A word we do not know is `unknown`. */
export function statusOf(type: ResourceType, attributes: Attributes | null): Status {
  if (attributes === null) return 'unknown';
  const word = stateIn(attributes)?.toLowerCase() ?? null;
  switch (kindOf(type)) {
    case 'volume':
      // A volume that is `available` or `READY` may be attached to nothing.
      return isAttached(attributes) ?? byWord(word === 'available' || word === 'ready' ? null : word);
    case 'address':
      return isAssociated(attributes) ?? byWord(word);
    case 'instance':
    case 'load-balancer':
    case 'database':
    case 'resource':
      return byWord(word);
  }
}

/** The state as the cloud writes it, e.g. `stopped`, `TERMINATED`; null when the configuration has none. */
export function stateIn(attributes: Attributes): string | null {
  for (const path of STATE_AT) {
    const state = attributes[path];
    if (typeof state === 'string' && state !== '') return state.replace(/^PowerState\//, '');
  }
  return null;
}

function byWord(word: string | null): Status {
  if (word === null) return 'unknown';
  if (ACTIVE.has(word)) return 'active';
  if (INACTIVE.has(word)) return 'inactive';
  return FAILED.has(word) ? 'error' : 'unknown';
}

/** Whether a volume is attached to anything; null when its configuration does not say. */
export function isAttached(attributes: Attributes): 'active' | 'inactive' | null {
  const { 'attachments.count': aws, managedBy: azure, diskState, 'users.count': google } = attributes;
  if (typeof aws === 'number') return aws > 0 ? 'active' : 'inactive';
  if (typeof azure === 'string' && azure !== '') return 'active';
  if (typeof diskState === 'string') return diskState.toLowerCase() === 'unattached' ? 'inactive' : 'active';
  if (typeof google === 'number') return google > 0 ? 'active' : 'inactive';
  // Google Cloud leaves an empty list out, and keeps the time it became empty.
  return typeof attributes['lastDetachTimestamp'] === 'string' ? 'inactive' : null;
}

function isAssociated(attributes: Attributes): 'active' | 'inactive' | null {
  const user = attributes['associationId'] ?? attributes['ipConfiguration.id'];
  if (typeof user === 'string' && user !== '') return 'active';
  // AWS leaves the association out where there is none; an allocation proves that this is such an address.
  return typeof attributes['allocationId'] === 'string' ? 'inactive' : null;
}
