import { shapeOf } from '../../../../domain/clouds/gcp/shapes.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import type { GcpSession } from '../clients.ts';
import { lastPart, nameOfLink, pathOf, regionOfZone } from '../ids.ts';
import type { WireAddress } from './addresses.ts';
import type { WireDisk } from './disks.ts';
import { stateOf } from './instance-state.ts';
import { getOrNull, listScoped, type NamedRows, PAGE_ROWS, rowsByName } from './list-all.ts';
import { managedByFrom } from '../../../../domain/controllers/controller-of.ts';
import { parseGoogle } from './parse.ts';
import { type Referrers, referrersTo } from './referrers.ts';
import { WireInstance } from './wire-instance.ts';

const LIST = 'compute.instances.list';
const GET = 'compute.instances.get';

/** Every machine of a project. Throws ProviderError. */
export async function listInstances({ compute }: GcpSession, project: string): Promise<NamedRows> {
  const listed = await listScoped(
    (pageToken) =>
      compute.instances.aggregatedList({
        project,
        maxResults: PAGE_ROWS,
        returnPartialSuccess: true,
        ...(pageToken ? { pageToken } : {}),
      }),
    'instances',
    LIST,
  );
  return rowsByName(listed, LIST);
}

/** One machine as Google sent it; null when it is gone. Throws ProviderError. */
export function instanceNode({ compute }: GcpSession, key: string): Promise<unknown> {
  const { projectId: project, place: zone, name: instance } = pathOf(key);
  return getOrNull(compute.instances.get({ project, zone, instance }), GET);
}

/** One machine; null when it is gone. Throws ProviderError. */
export async function readInstance(session: GcpSession, key: string): Promise<WireInstance | null> {
  const row = await instanceNode(session, key);
  return row === null ? null : toWireInstance(row);
}

export function toWireInstance(node: unknown): WireInstance {
  return parseGoogle(WireInstance, node, GET);
}

/** What is around the machines. */
export interface InstanceContext {
  readonly disks: ReadonlyMap<string, WireDisk>;
  /** Reserved addresses by their number. */
  readonly addresses: ReadonlyMap<string, WireAddress>;
  readonly referrers: Referrers;
}

export function diskKeys(row: WireInstance): string[] {
  return (row.disks ?? []).flatMap((disk) => (disk.source === null ? [] : nameOfLink(disk.source)));
}

export function toInstanceFacts(asset: AssetRef, row: WireInstance, context: InstanceContext): InstanceFacts {
  const zone = lastPart(row.zone);
  const state = stateOf(row);
  const attached = row.disks ?? [];
  const boot = attached.find((disk) => disk.boot === true);
  const bootDisk = boot?.source ? context.disks.get(nameOfLink(boot.source)) : undefined;
  const referrers = referrersTo(asset.assetKey, context.referrers);
  const { scheduling } = row;
  return {
    ...asset,
    ...networkOf(row, context),
    kind: 'instance',
    region: regionOfZone(zone),
    tags: row.labels,
    state,
    instanceType: lastPart(row.machineType),
    architecture: architectureOf(row, boot?.architecture ?? bootDisk?.architecture ?? null),
    imageId: bootDisk?.sourceImage ? bootDisk.sourceImage.replace(/^.*\/projects\//, 'projects/') : null,
    launchTime: row.creationTimestamp,
    stoppedAt: state === 'stopped' ? (row.lastStopTimestamp ?? null) : null,
    zone,
    workloadIdentity: (row.serviceAccounts ?? []).flatMap((a) => a.email ?? []).join(',') || null,
    scalingGroup: groupOf(row, referrers),
    managedBy: ownerOf(row),
    spot: scheduling?.preemptible === true || scheduling?.provisioningModel === 'SPOT',
    // One that does not say how many is one at least.
    accelerators: (row.guestAccelerators ?? []).reduce((sum, a) => sum + (a.acceleratorCount ?? 1), 0),
    tenancy: tenancyOf(row),
    rootDisk: boot === undefined ? null : boot.type === 'PERSISTENT' ? 'persistent' : 'local',
    localDisks: row.disks ? attached.some((disk) => disk.type !== 'PERSISTENT') : null,
    deletionProtection: row.deletionProtection,
    // There is no such protection here: nothing but a missing right keeps anybody from stopping a machine.
    stopProtection: false,
    shutdownBehavior: scheduling?.instanceTerminationAction === 'DELETE' ? 'terminate' : 'stop',
    hibernationConfigured: false,
    volumes: volumesOf(row, context.disks),
    backendGroupIds: referrers.filter((name) => !name.includes('/instanceGroupManagers/')),
  };
}

/** Disks without size are not known well enough to be copied: they are left out, and a plan that copies them is refused. */
function volumesOf(row: WireInstance, disks: ReadonlyMap<string, WireDisk>): InstanceFacts['volumes'] {
  return (row.disks ?? []).flatMap((disk, i) => {
    if (disk.source === null) return [];
    const volumeId = nameOfLink(disk.source);
    const own = disks.get(volumeId);
    const sizeGiB = own?.sizeGb ?? disk.diskSizeGb;
    if (sizeGiB === null) return [];
    return {
      volumeId,
      device: disk.deviceName ?? `disk-${i}`,
      deletedWithInstance: disk.autoDelete === true,
      sizeGiB,
      volumeType: own === undefined ? 'unknown' : lastPart(own.type),
      encrypted: true,
    };
  });
}

function networkOf(
  row: WireInstance,
  { addresses }: InstanceContext,
): Pick<InstanceFacts, 'subnetId' | 'networkId' | 'firewallIds' | 'privateIp' | 'publicIp' | 'staticAddressId'> {
  const nics = row.networkInterfaces ?? [];
  const [first] = nics;
  const [publicIp] = nics.flatMap((nic) => (nic.accessConfigs ?? []).flatMap((access) => access.natIP ?? []));
  const reserved = publicIp === undefined ? undefined : addresses.get(publicIp);
  return {
    subnetId: first?.subnetwork ? nameOfLink(first.subnetwork) : null,
    networkId: first?.network ? nameOfLink(first.network) : null,
    // Firewall rules are chosen by these.
    firewallIds: row.tags?.items ?? [],
    privateIp: first?.networkIP ?? null,
    publicIp: publicIp ?? null,
    staticAddressId: reserved === undefined ? null : nameOfLink(reserved.selfLink),
  };
}

/** A manager signs its machines in their metadata. */
function groupOf(row: WireInstance, referrers: readonly string[]): string | null {
  const signed = row.metadata?.items?.find((item) => item.key === 'created-by')?.value ?? null;
  if (signed?.includes('/instanceGroupManagers/')) return signed;
  return referrers.find((name) => name.includes('/instanceGroupManagers/')) ?? null;
}

/** A schedule or a placement would fight or lose what we do. */
function ownerOf(row: WireInstance): string | null {
  return (
    managedByFrom({ provider: 'gcp', tags: row.labels, name: row.name }) ??
    ((row.resourcePolicies ?? []).length > 0 ? 'resource-policy' : null)
  );
}

function tenancyOf(row: WireInstance): string {
  if ((row.scheduling?.nodeAffinities ?? []).length > 0) return 'host';
  return row.reservationAffinity?.consumeReservationType === 'SPECIFIC_RESERVATION'
    ? 'capacity-reservation'
    : 'default';
}

function architectureOf(row: WireInstance, said: string | null): string | null {
  if (said === 'X86_64') return 'x86_64';
  if (said === 'ARM64') return 'arm64';
  return shapeOf(lastPart(row.machineType))?.architecture ?? null;
}
