import { parseGoogleName, valueOf } from '../../cloud-ids/index.ts';
import { type Checklist, managed, stateNotAllowed } from '../checklist.ts';

const TERMINATES = ['snapshot-and-terminate-instance'] as const;
const RESIZES = ['resize-instance'] as const;

/** What is refused in Google Cloud, before it is offered and before it is made. */
export const CHECKLIST: Checklist = {
  instance: [
    stateNotAllowed('running', 'stopping', 'stopped', 'suspended'),
    { code: 'suspended', actions: RESIZES, refuses: (f) => f.state === 'suspended' },
    // A disk of the host loses its data with a stop; a persistent one keeps it.
    { code: 'boot_disk_not_persistent', refuses: (f) => (f.rootDisk === null ? null : f.rootDisk === 'local') },
    { code: 'local_ssd', refuses: (f) => f.localDisks },
    { code: 'instance_group_member', refuses: (f) => f.scalingGroup !== null },
    managed,
    { code: 'spot', refuses: (f) => f.spot },
    { code: 'deletion_protection', actions: TERMINATES, refuses: (f) => f.deletionProtection },
    // Unmanaged groups and target pools are what load balancers send to.
    { code: 'lb_target_registered', refuses: (f) => f.backendGroupIds.length > 0 },
    {
      code: 'deleted_when_stopped',
      refuses: (f) => (f.shutdownBehavior === null ? null : f.shutdownBehavior !== 'stop'),
    },
    // On a sole-tenant node the node is paid for, whatever runs on it.
    { code: 'dedicated_tenancy', refuses: (f) => (f.tenancy === null ? null : f.tenancy !== 'default') },
    { code: 'volumes', actions: TERMINATES, refuses: (f) => (f.volumes.length === 0 ? null : false) },
    { code: 'regional_disk', actions: TERMINATES, refuses: (f) => f.volumes.some((v) => !isZonal(v.volumeId)) },
    { code: 'architecture', actions: RESIZES, refuses: (f) => (f.architecture === null ? null : false) },
    // A resized machine goes on working, so whoever reaches it by its address would lose it.
    {
      code: 'ephemeral_external_ip',
      actions: RESIZES,
      refuses: (f) => f.publicIp !== null && f.staticAddressId === null,
    },
  ],
  volume: [
    managed,
    { code: 'volume_attached', refuses: (f) => f.attachedInstanceIds.length > 0 },
    stateNotAllowed('available'),
    { code: 'multi_attach', refuses: (f) => f.multiAttach },
    { code: 'regional_disk', refuses: (f) => !isZonal(f.assetKey) },
    // Only persistent disks come back from a snapshot with what they had: the others have speeds of their own to set.
    { code: 'disk_type_not_supported', refuses: (f) => !/^pd-(standard|balanced|ssd)$/.test(f.volumeType) },
    // Nobody but its owner has the key a copy would need.
    { code: 'customer_supplied_key', refuses: (f) => f.encryptionKeyId === 'customer-supplied' },
  ],
  address: [
    managed,
    { code: 'address_associated', refuses: (f) => f.state !== 'unassociated' || f.associationId !== null },
    { code: 'address_without_number', refuses: (f) => f.publicIp === '' },
  ],
  // A load balancer is many resources here; no action is about one.
  'load-balancer': [],
  database: [
    managed,
    stateNotAllowed('available', 'stopping', 'stopped'),
    { code: 'replica', refuses: (f) => f.replicaOf !== null },
    { code: 'replica_source', refuses: (f) => f.replicas.length > 0 },
    { code: 'pool_member', refuses: (f) => f.clusterId !== null },
  ],
};

function isZonal(name: string): boolean {
  const parsed = valueOf(parseGoogleName(name));
  return parsed?.service === 'compute.googleapis.com' && parsed.scope === 'zones';
}
