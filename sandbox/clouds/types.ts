import type { ResourceKind } from '../../schemas/resource-type.ts';
import type { BillStep } from '../kit/used-share.ts';

/** A disk on an instance. Disks that are assets of the estate of their own are named by their key. */
export interface WorldDisk {
  readonly key: string;
  readonly name: string;
  readonly sizeGiB: number;
  readonly type: string;
  readonly boot: boolean;
}

export type Power = 'running' | 'stopping' | 'stopped' | 'starting';

/** One resource as the cloud would describe it now. Plain data: the whole world is written to a file after each change. */
export interface WorldResource {
  readonly key: string;
  readonly name: string;
  readonly kind: ResourceKind;
  readonly accountId: string;
  readonly region: string;
  /** Epoch ms. */
  readonly createdAt: number;
  tags: Record<string, string>;
  /** Instances and databases; null for what has no power switch. */
  power: Power | null;
  /** Until when (epoch ms) `stopping` or `starting` is shown. */
  until: number;
  /** Epoch ms of the last stop; null while it runs. */
  stoppedAt: number | null;
  /** VM size, machine type or database class. */
  size: string | null;
  readonly disks: WorldDisk[];
  /** Key of the instance a volume or address is on. */
  attachedTo: string | null;
  /** Keys of the instances behind a load balancer. */
  readonly targets: string[];
  readonly publicIp: string | null;
  /** A delete lock, deletion protection. */
  protected: boolean;
  /** Scale set or managed instance group. */
  readonly group: string | null;
  gone: boolean;
}

export interface WorldSnapshot {
  readonly key: string;
  readonly name: string;
  readonly accountId: string;
  /** Where it is kept: the region of the disk. */
  readonly region: string;
  readonly sourceKey: string;
  readonly sizeGiB: number;
  readonly tags: Record<string, string>;
  readonly createdAt: number;
  /** Epoch ms from which it is complete. */
  readonly readyAt: number;
  readonly fails: boolean;
  gone: boolean;
}

/** One change that took effect, for "exactly once" to be counted. */
export interface WorldMutation {
  readonly at: string;
  readonly operation: string;
  readonly key: string;
  readonly actor: string;
}

/** What happens behind Idlewise's back: `POST /__sim/world`. */
export type CloudWorldChange =
  | { readonly do: 'busy'; readonly resourceId: string }
  | { readonly do: 'terminate'; readonly resourceId: string }
  | { readonly do: 'stop'; readonly resourceId: string }
  | {
      readonly do: 'retag';
      readonly resourceId: string;
      readonly key: string;
      readonly value: string;
      /** Left out: `jane.ops`, whom no directory knows. */
      readonly by?: string;
    }
  | { readonly do: 'no-capacity'; readonly resourceId: string; readonly clear?: boolean }
  | { readonly do: 'snapshot-fails'; readonly resourceId: string };

export interface WorldState {
  resources: WorldResource[];
  snapshots: WorldSnapshot[];
  mutations: WorldMutation[];
  /** Asset name → cost steps, oldest first. */
  bill: Record<string, BillStep[]>;
  busySince: Record<string, number>;
  /** Keys of instances that start with no other size than the seeded one. */
  noCapacity: string[];
  snapshotFails: string[];
  /** Keys of machines that are off but still placed and billed (Azure). */
  allocated?: string[];
  /** How many days further than the clock the bill has got. */
  billAhead: number;
}
