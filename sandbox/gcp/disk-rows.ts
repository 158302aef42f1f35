import type { WorldDisk, WorldResource, WorldSnapshot } from '../clouds/types.ts';
import type { CloudWorld } from '../clouds/world.ts';
import { idOf, linkTo, zoneIn } from './spell.ts';

type Row = Record<string, unknown>;

export interface DiskOfWorld extends WorldDisk {
  readonly accountId: string;
  readonly region: string;
  readonly createdAt: number;
  readonly tags: Record<string, string>;
  /** The instance it is on. */
  readonly on: WorldResource | null;
}

/** Assets of their own, and the disks that came with instances; those set to be deleted with their instance went with it. */
export function disksOf(world: CloudWorld, accountId: string): DiskOfWorld[] {
  const seeded = new Map(world.assets.map((a) => [a.assetKey, a.volume]));
  const place = (r: WorldResource) => ({ accountId, region: r.region, createdAt: r.createdAt });
  const mine = world.all().filter((r) => r.accountId === accountId);
  const assets = mine
    .filter((r) => r.kind === 'volume')
    .map((r): DiskOfWorld => {
      const volume = seeded.get(r.key);
      const on = r.attachedTo === null ? null : world.find(r.attachedTo);
      const { key, name, tags } = r;
      return {
        key,
        name,
        tags,
        on,
        boot: false,
        sizeGiB: volume?.sizeGiB ?? 0,
        type: volume?.volumeType ?? '',
        ...place(r),
      };
    });
  const keys = new Set(world.state.resources.filter((r) => r.kind === 'volume').map((r) => r.key));
  const others = world.state.resources
    .filter((r) => r.kind === 'instance' && r.accountId === accountId)
    .flatMap((vm) =>
      vm.disks
        .filter((d) => !keys.has(d.key) && (!vm.gone || !d.boot))
        .map((d) => ({
          ...d,
          ...place(vm),
          type: d.boot ? 'pd-balanced' : 'pd-standard',
          tags: {},
          on: vm.gone ? null : vm,
        })),
    );
  return [...assets, ...others];
}

export function diskRow(disk: DiskOfWorld): Row {
  const zone = `projects/${disk.accountId}/zones/${zoneIn(disk.region)}`;
  return {
    kind: 'compute#disk',
    id: idOf(disk.key),
    name: disk.name,
    selfLink: linkTo(disk.key),
    creationTimestamp: new Date(disk.createdAt).toISOString().replace('Z', '-00:00'),
    status: 'READY',
    zone: linkTo(`//compute.googleapis.com/${zone}`),
    sizeGb: String(disk.sizeGiB),
    type: linkTo(`//compute.googleapis.com/${zone}/diskTypes/${disk.type}`),
    labels: disk.tags,
    labelFingerprint: '42WmSpB8rSM=',
    physicalBlockSizeBytes: '4096',
    architecture: 'X86_64',
    ...(disk.on === null ? {} : { users: [linkTo(disk.on.key)] }),
    ...(disk.boot
      ? { sourceImage: linkTo('//compute.googleapis.com/projects/debian-cloud/global/images/debian-12') }
      : {}),
  };
}

export function snapshotRow(world: CloudWorld, snapshot: WorldSnapshot): Row {
  const status = world.now() < snapshot.readyAt ? 'UPLOADING' : snapshot.fails ? 'FAILED' : 'READY';
  return {
    kind: 'compute#snapshot',
    id: idOf(snapshot.key),
    name: snapshot.name,
    selfLink: linkTo(snapshot.key),
    creationTimestamp: new Date(snapshot.createdAt).toISOString(),
    status,
    sourceDisk: linkTo(snapshot.sourceKey),
    diskSizeGb: String(snapshot.sizeGiB),
    ...(status === 'READY' ? { storageBytes: '1024', storageBytesStatus: 'UP_TO_DATE' } : {}),
    labels: snapshot.tags,
    storageLocations: [snapshot.region],
  };
}

/** The key of a disk that a link or a path from `projects/` on names. */
export function keyOfLink(link: string): string {
  return `//compute.googleapis.com/${link.replace(/^.*?(?=projects\/)/, '')}`;
}
