import { type Checklist, managed, stateNotAllowed } from '../checklist.ts';

const TERMINATES = ['snapshot-and-terminate-instance'] as const;
const RESIZES = ['resize-instance'] as const;

/** What is refused in Azure, before it is offered and before it is made. */
export const CHECKLIST: Checklist = {
  instance: [
    stateNotAllowed('running', 'stopping', 'stopped', 'stopped-allocated'),
    { code: 'os_disk_not_managed', refuses: (f) => f.rootDisk === null },
    // A disk of the host loses its data with a deallocation; a managed one keeps it.
    { code: 'ephemeral_os_disk', refuses: (f) => f.rootDisk === 'local' },
    { code: 'local_disks', refuses: (f) => f.localDisks },
    { code: 'scale_set_member', refuses: (f) => f.scalingGroup !== null },
    managed,
    { code: 'spot', refuses: (f) => f.spot },
    { code: 'read_only_lock', refuses: (f) => f.stopProtection },
    { code: 'delete_lock', actions: TERMINATES, refuses: (f) => f.deletionProtection },
    { code: 'lb_target_registered', refuses: (f) => f.backendGroupIds.length > 0 },
    { code: 'hibernation_configured', refuses: (f) => f.hibernationConfigured },
    // On a dedicated host the host is paid for, whatever runs on it.
    { code: 'dedicated_tenancy', refuses: (f) => (f.tenancy === null ? null : f.tenancy !== 'default') },
    { code: 'volumes', actions: TERMINATES, refuses: (f) => (f.volumes.length === 0 ? null : false) },
    { code: 'architecture', actions: RESIZES, refuses: (f) => (f.architecture === null ? null : false) },
    // A resized machine goes on working, so whoever reaches it by its address would lose it.
    { code: 'dynamic_public_ip', actions: RESIZES, refuses: (f) => f.publicIp !== null && f.staticAddressId === null },
  ],
  volume: [
    managed,
    { code: 'delete_lock', refuses: (f) => f.deletionProtection ?? null },
    { code: 'volume_attached', refuses: (f) => f.attachedInstanceIds.length > 0 },
    stateNotAllowed('available'),
    { code: 'multi_attach', refuses: (f) => f.multiAttach },
    // These cannot be copied by a snapshot that is whole at once, or not in every region.
    { code: 'disk_type_not_supported', refuses: (f) => /^(UltraSSD|PremiumV2)/.test(f.volumeType) },
  ],
  address: [
    managed,
    { code: 'delete_lock', refuses: (f) => f.deletionProtection ?? null },
    { code: 'address_associated', refuses: (f) => f.state !== 'unassociated' || f.associationId !== null },
    { code: 'address_without_number', refuses: (f) => f.publicIp === '' },
  ],
  'load-balancer': [
    managed,
    stateNotAllowed('active', 'impaired', 'failed'),
    { code: 'lb_has_backends', refuses: (f) => f.registeredTargets > 0 },
    { code: 'delete_lock', refuses: (f) => f.deletionProtection },
  ],
  // Azure stops no member of a failover group and none of a pool, and only instances of the General Purpose tier.
  database: [
    managed,
    stateNotAllowed('available', 'stopping', 'stopped'),
    { code: 'replica', refuses: (f) => f.replicaOf !== null },
    { code: 'replica_source', refuses: (f) => f.replicas.length > 0 },
    { code: 'pool_member', refuses: (f) => f.clusterId !== null },
    { code: 'tier_cannot_be_stopped', refuses: (f) => !f.instanceClass.startsWith('GP_') },
    { code: 'read_only_lock', refuses: (f) => f.stopProtection ?? null },
  ],
};
