import type { InstanceFacts } from '../../../schemas/cloud-facts.ts';
import { type Checklist, managed, stateNotAllowed } from '../checklist.ts';

const TERMINATES = ['snapshot-and-terminate-instance'] as const;
const RESIZES = ['resize-instance'] as const;

/** Keys whose names fit into one session policy, which has 2,048 characters. */
export const MOST_KEYS = 12;

/** Keys of its encrypted disks, each once. */
export function keysOf(facts: Pick<InstanceFacts, 'volumes'>): readonly string[] {
  return [...new Set(facts.volumes.flatMap((v) => (v.encrypted && v.encryptionKeyId ? [v.encryptionKeyId] : [])))];
}

/** What is refused in AWS, before it is offered and before it is made. */
export const CHECKLIST: Checklist = {
  instance: [
    stateNotAllowed('running', 'stopping', 'stopped'),
    // An instance store loses its data with a stop; what is on EBS stays.
    { code: 'root_device_instance_store', refuses: (f) => (f.rootDisk === null ? null : f.rootDisk === 'local') },
    { code: 'instance_store_volumes', refuses: (f) => f.localDisks },
    { code: 'asg_member', refuses: (f) => f.scalingGroup !== null },
    managed,
    { code: 'spot', refuses: (f) => f.spot },
    { code: 'stop_protection', refuses: (f) => f.stopProtection },
    { code: 'termination_protection', actions: TERMINATES, refuses: (f) => f.deletionProtection },
    {
      code: 'shutdown_behavior_terminate',
      refuses: (f) => (f.shutdownBehavior === null ? null : f.shutdownBehavior === 'terminate'),
    },
    { code: 'lb_target_registered', refuses: (f) => f.backendGroupIds.length > 0 },
    { code: 'hibernation_configured', refuses: (f) => f.hibernationConfigured },
    // On a dedicated host or in a dedicated tenancy the host is paid for, whatever runs on it.
    { code: 'dedicated_tenancy', refuses: (f) => (f.tenancy === null ? null : f.tenancy !== 'default') },
    // Whatever is stopped may have to be started again, which takes the keys of its disks, each named to IAM.
    {
      code: 'kms_key',
      refuses: (f) => (f.volumes.some((v) => v.encrypted && v.encryptionKeyId === null) ? null : false),
    },
    { code: 'kms_keys_too_many', refuses: (f) => keysOf(f).length > MOST_KEYS },
    { code: 'volumes', actions: TERMINATES, refuses: (f) => (f.volumes.length === 0 ? null : false) },
    { code: 'architecture', actions: RESIZES, refuses: (f) => (f.architecture === null ? null : false) },
    // A resized machine goes on working, so whoever reaches it by its address would lose it; a stopped one loses nobody.
    {
      code: 'public_ip_without_eip',
      actions: RESIZES,
      refuses: (f) => f.publicIp !== null && f.staticAddressId === null,
    },
  ],
  volume: [
    managed,
    { code: 'volume_attached', refuses: (f) => f.attachedInstanceIds.length > 0 },
    stateNotAllowed('available'),
    { code: 'multi_attach', refuses: (f) => f.multiAttach },
    { code: 'kms_key', refuses: (f) => (f.encrypted && f.encryptionKeyId === null ? null : false) },
  ],
  address: [
    managed,
    { code: 'address_associated', refuses: (f) => f.state !== 'unassociated' || f.associationId !== null },
  ],
  'load-balancer': [
    managed,
    stateNotAllowed('active', 'impaired', 'failed'),
    { code: 'deletion_protection', refuses: (f) => f.deletionProtection },
  ],
  // RDS refuses to stop a replica, the source of one, and the member of a cluster; SQL Server in two zones as well.
  database: [
    managed,
    stateNotAllowed('available', 'stopping', 'stopped'),
    { code: 'replica', refuses: (f) => f.replicaOf !== null },
    { code: 'replica_source', refuses: (f) => f.replicas.length > 0 },
    { code: 'cluster_member', refuses: (f) => f.clusterId !== null },
    { code: 'multi_zone_sqlserver', refuses: (f) => (f.engine.startsWith('sqlserver') ? f.multiZone : false) },
  ],
};
