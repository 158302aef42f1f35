import type { Estate, SeededAsset } from '../estate/types.ts';
import type { BillStep } from '../kit/used-share.ts';
import type { Mutation } from './types.ts';

/** States that last only a moment on AWS, and which moto skips. */
export type Passing = 'pending' | 'stopping' | 'shutting-down';

export type BillError = 'negative' | 'nan' | 'currency' | 'tenfold';

/** Everything the endpoint knows that moto does not. Rebuilt from the state log. */
export interface World {
  readonly estate: Estate;
  readonly transitionMs: number;
  /** The endpoint's clock, epoch ms. */
  readonly now: () => number;
  /** By resource id, by ARN, and by whatever else a service calls the asset. */
  readonly assets: Map<string, SeededAsset>;
  /** Creation time, epoch ms, by resource id. */
  readonly born: Map<string, number>;
  readonly launched: Map<string, number>;
  readonly stopped: Map<string, number>;
  /** Until when, in real epoch ms, a passing state or a pending snapshot is shown. */
  readonly passing: Map<string, { state: Passing; until: number }>;
  readonly pending: Map<string, { until: number; end: 'completed' | 'error' }>;
  /** Asset name → cost steps, oldest first. */
  readonly bill: Map<string, BillStep[]>;
  /** Price of an instance's present type as a share of the seeded one's, by resource id. */
  readonly sizeFactor: Map<string, number>;
  readonly billErrors: Map<string, BillError>;
  /** Asset name → span without metrics. An open end is Infinity. */
  readonly silent: Map<string, { from: number; to: number }[]>;
  readonly noCapacity: Map<string, (instanceType: string) => boolean>;
  readonly snapshotTrouble: Map<string, 'fails' | 'stuck'>;
  readonly impaired: Set<string>;
  /** Keys of encrypted volumes, by volume id, as they were last described. */
  readonly volumeKeys: Map<string, string>;
  /** ARNs of keys that nobody may use. */
  readonly deniedKeys: Set<string>;
  /** Why the last start of an instance came to nothing, by resource id. */
  readonly failedStarts: Map<string, { code: string; message: string }>;
  readonly mutations: Mutation[];
  /** How many days further than the clock the bill has got. */
  billAhead: number;
}

export function createWorld(parts: Pick<World, 'estate' | 'transitionMs' | 'now'>): World {
  return {
    ...parts,
    assets: new Map(),
    born: new Map(),
    launched: new Map(),
    stopped: new Map(),
    passing: new Map(),
    pending: new Map(),
    bill: new Map(),
    sizeFactor: new Map(),
    billErrors: new Map(),
    silent: new Map(),
    noCapacity: new Map(),
    snapshotTrouble: new Map(),
    impaired: new Set(),
    volumeKeys: new Map(),
    deniedKeys: new Set(),
    failedStarts: new Map(),
    mutations: [],
    billAhead: 0,
  };
}

/** Makes an asset known under its id, its ARN, and a load balancer also under its CloudWatch dimension. */
export function indexAsset(world: World, asset: SeededAsset): void {
  world.assets.set(asset.resourceId, asset);
  world.assets.set(asset.assetKey, asset);
  const dimension = /:loadbalancer\/(.+)$/.exec(asset.assetKey)?.[1];
  if (dimension) world.assets.set(dimension, asset);
}

/** The state to show instead of moto's, or null when the transition is over. */
export function passingState(world: World, id: string): Passing | null {
  const entry = world.passing.get(id);
  if (!entry) return null;
  if (Date.now() < entry.until) return entry.state;
  world.passing.delete(id);
  return null;
}

export function billStep(world: World, id: string, at: number, factor: number): void {
  const asset = world.assets.get(id);
  if (!asset) return;
  const steps = world.bill.get(asset.name) ?? [];
  steps.push({ at, factor });
  world.bill.set(asset.name, steps);
}

const DAY_MS = 86_400_000;

/** Lets the bill run ahead of the clock, as if that many more days had been billed with everything as it is. */
export function advanceBill(world: World, days: number): void {
  world.billAhead += days;
}

/** The moment up to which the bill reaches, epoch milliseconds. */
export function billedUntil(world: World): number {
  return world.now() + world.billAhead * DAY_MS;
}
