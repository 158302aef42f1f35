import type { InventoryAsset, ResourceType } from '../../../schemas/asset.ts';
import { azureField, field, isFilled, textField } from './raw.ts';

export type RawState = InventoryAsset['status'];

const running = (word: string | null, words: Readonly<Record<string, RawState>>): RawState =>
  words[word?.toLowerCase() ?? ''] ?? 'unknown';
/** Used when what it belongs to is filled in; a field the copy leaves out counts only where the cloud would leave it out too. */
const usedBy = (filled: boolean | null, absent: RawState): RawState =>
  filled === null ? absent : filled ? 'active' : 'inactive';

const VM = { running: 'active', pending: 'active', stopped: 'inactive', stopping: 'inactive' } as const;
const GOOGLE_VM = {
  ...VM,
  terminated: 'inactive',
  suspended: 'inactive',
  provisioning: 'active',
  staging: 'active',
} as const;
const DATABASE = {
  available: 'active',
  stopped: 'inactive',
  stopping: 'inactive',
  failed: 'error',
  runnable: 'active',
  suspended: 'inactive',
  ready: 'active',
} as const;

const READERS: Partial<Record<ResourceType, (raw: unknown) => RawState>> = {
  'AWS::EC2::Instance': (raw) => running(textField(raw, 'state.name'), { ...VM, terminated: 'inactive' }),
  'AWS::EC2::Volume': (raw) =>
    running(textField(raw, 'state'), { 'in-use': 'active', available: 'inactive', error: 'error' }),
  'AWS::EC2::EIP': (raw) => usedBy(isFilled(field(raw, 'associationId')), 'inactive'),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (raw) =>
    running(textField(raw, 'state.code'), { active: 'active', active_impaired: 'active', failed: 'error' }),
  'AWS::RDS::DBInstance': (raw) => running(textField(raw, 'dbinstanceStatus'), DATABASE),
  'Microsoft.Compute/virtualMachines': (raw) => {
    const word = azureField(raw, 'powerState') ?? azureField(raw, 'extended.instanceView.powerState.displayStatus');
    return running(typeof word === 'string' ? (word.split(/[/ ]/).at(-1) ?? null) : null, {
      ...VM,
      deallocated: 'inactive',
      deallocating: 'inactive',
    });
  },
  'Microsoft.Compute/disks': (raw) => usedBy(isFilled(field(raw, 'managedBy')), 'inactive'),
  'Microsoft.Network/publicIPAddresses': (raw) => usedBy(isFilled(azureField(raw, 'ipConfiguration')), 'inactive'),
  'Microsoft.Sql/managedInstances': (raw) => {
    const word = azureField(raw, 'state');
    return running(typeof word === 'string' ? word : null, DATABASE);
  },
  'compute.googleapis.com/Instance': (raw) => running(textField(raw, 'status'), GOOGLE_VM),
  'compute.googleapis.com/Disk': (raw) => usedBy(isFilled(field(raw, 'users')), 'inactive'),
  'compute.googleapis.com/Address': (raw) =>
    running(textField(raw, 'status'), { in_use: 'active', reserved: 'inactive' }),
  'sqladmin.googleapis.com/Instance': (raw) => running(textField(raw, 'state'), DATABASE),
};

/** Whether a raw configuration shows something in use, in one word. Words we do not know are `unknown`. */
export function stateOf(type: ResourceType, raw: unknown): RawState {
  return READERS[type]?.(raw) ?? 'unknown';
}

/** True or false when the configuration says whether there is a way in from the internet, else null. */
export function hasPublicAddress(type: ResourceType, raw: unknown): boolean | null {
  switch (type) {
    case 'AWS::EC2::Instance':
      // The cloud leaves the field out where there is no address.
      return textField(raw, 'instanceId') === null ? null : textField(raw, 'publicIpAddress') !== null;
    case 'compute.googleapis.com/Instance': {
      const nics = field(raw, 'networkInterfaces');
      if (!Array.isArray(nics)) return null;
      return nics.some((nic) =>
        ((field(nic, 'accessConfigs') ?? []) as readonly unknown[]).some((c) => field(c, 'natIP')),
      );
    }
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer': {
      const scheme = textField(raw, 'scheme');
      return scheme === null ? null : scheme === 'internet-facing';
    }
    case 'AWS::RDS::DBInstance': {
      const flag = field(raw, 'publiclyAccessible');
      return typeof flag === 'boolean' ? flag : null;
    }
    default:
      return null;
  }
}
