import type { Estate, SeededAsset } from '../estate/types.ts';
import { loadState, saveState } from '../kit/state-file.ts';
import { seedWorld } from './seed-world.ts';
import type { CloudWorldChange, WorldResource, WorldSnapshot, WorldState } from './types.ts';

export interface CloudWorldOptions {
  readonly estate: Estate;
  /** The part of the estate that is in this cloud. */
  readonly assets: readonly SeededAsset[];
  readonly diskKey: (asset: SeededAsset, diskName: string) => string;
  /** Keeps the world over a restart. */
  readonly stateFile?: string;
  /** How long stopping, starting and snapshots take. @default 400 */
  readonly transitionMs?: number;
  /** Epoch ms. @default Date.now */
  readonly clock?: () => number;
}

/** A cloud without its wire: what exists, in which state, who changed what, and since when it costs less. */
export interface CloudWorld {
  readonly estate: Estate;
  readonly assets: readonly SeededAsset[];
  readonly state: WorldState;
  readonly now: () => number;
  /** Null when there is none, or not any more. Passing states are brought up to date. */
  find(key: string): WorldResource | null;
  all(): readonly WorldResource[];
  stop(key: string, actor: string): void;
  /** False when there is no capacity for the present size. */
  start(key: string, actor: string): boolean;
  resize(key: string, size: string, actor: string): void;
  remove(key: string, actor: string): void;
  /** Makes what was removed again, as from a snapshot. False when nothing was ever called this. */
  restore(key: string, actor: string): boolean;
  snapshot(snapshot: Omit<WorldSnapshot, 'createdAt' | 'readyAt' | 'fails' | 'gone'>, actor: string): WorldSnapshot;
  findSnapshot(key: string): WorldSnapshot | null;
  change(change: CloudWorldChange): void;
  advanceBill(days: number): void;
  save(): void;
}

const HOUR_SECONDS = 3600;

export function createCloudWorld(options: CloudWorldOptions): CloudWorld {
  const { estate, assets, stateFile, transitionMs = 400, clock = Date.now } = options;
  const state = loadState(stateFile, 'cloud', fresh(seedWorld(estate, assets, options.diskKey)));
  const byKey = new Map(state.resources.map((r) => [r.key, r]));
  const byName = new Map(assets.map((a) => [a.name, a]));
  for (const [name, since] of Object.entries(state.busySince)) estate.busySince.set(name, since);

  const save = () => saveState(stateFile, state);
  const note = (operation: string, key: string, actor: string) => {
    state.mutations.push({ at: new Date(clock()).toISOString(), operation, key, actor });
    save();
  };
  /** The share of its seeded price the resource costs from now on. */
  const costs = (resource: WorldResource, factor: number) => {
    const steps = (state.bill[resource.name] ??= []);
    steps.push({ at: clock() + state.billAhead * 86_400_000, factor });
  };
  const settle = (resource: WorldResource): WorldResource => {
    if (clock() >= resource.until && resource.power === 'stopping') resource.power = 'stopped';
    if (clock() >= resource.until && resource.power === 'starting') resource.power = 'running';
    return resource;
  };
  const find = (key: string): WorldResource | null => {
    const found = byKey.get(key);
    return found === undefined || found.gone ? null : settle(found);
  };
  const must = (key: string): WorldResource => {
    const found = find(key);
    if (found === null) throw new Error(`nothing is called ${key}`);
    return found;
  };
  const seededSize = (resource: WorldResource) => byName.get(resource.name)?.instance?.instanceType ?? null;

  const world: CloudWorld = {
    estate,
    assets,
    state,
    now: clock,
    find,
    all: () => state.resources.filter((r) => !r.gone).map(settle),
    stop(key, actor) {
      const resource = must(key);
      Object.assign(resource, { power: 'stopping', until: clock() + transitionMs, stoppedAt: clock() });
      costs(resource, 0);
      note('stop', key, actor);
    },
    start(key, actor) {
      const resource = must(key);
      if (state.noCapacity.includes(key) && resource.size !== seededSize(resource)) return false;
      Object.assign(resource, { power: 'starting', until: clock() + transitionMs, stoppedAt: null });
      costs(resource, priceShare(seededSize(resource), resource.size));
      note('start', key, actor);
      return true;
    },
    resize(key, size, actor) {
      must(key).size = size;
      note('resize', key, actor);
    },
    remove(key, actor) {
      const resource = must(key);
      resource.gone = true;
      costs(resource, 0);
      for (const other of state.resources) if (other.attachedTo === key) other.attachedTo = null;
      note('delete', key, actor);
    },
    restore(key, actor) {
      const resource = byKey.get(key);
      if (resource === undefined) return false;
      resource.gone = false;
      costs(resource, 1);
      note('restore', key, actor);
      return true;
    },
    snapshot(parts, actor) {
      const fails = state.snapshotFails.includes(parts.sourceKey);
      const snapshot = { ...parts, createdAt: clock(), readyAt: clock() + transitionMs, fails, gone: false };
      state.snapshots.push(snapshot);
      note('snapshot', parts.key, actor);
      return snapshot;
    },
    findSnapshot: (key) => state.snapshots.find((s) => s.key === key && !s.gone) ?? null,
    change(change) {
      const resource = must(change.resourceId);
      const actor = 'jane.ops';
      switch (change.do) {
        case 'busy':
          state.busySince[resource.name] = Math.floor(clock() / 1000) - HOUR_SECONDS;
          estate.busySince.set(resource.name, state.busySince[resource.name] ?? 0);
          return save();
        case 'terminate':
          return world.remove(resource.key, actor);
        case 'stop':
          return world.stop(resource.key, actor);
        case 'retag':
          resource.tags = { ...resource.tags, [change.key]: change.value };
          return note('retag', resource.key, change.by ?? actor);
        case 'no-capacity':
          state.noCapacity = state.noCapacity.filter((k) => k !== resource.key);
          if (!change.clear) state.noCapacity.push(resource.key);
          return save();
        case 'snapshot-fails':
          state.snapshotFails.push(resource.key);
          return save();
      }
    },
    advanceBill(days) {
      state.billAhead += days;
      save();
    },
    save,
  };
  return world;
}

/** Sizes of the estate end in their number of cores, and prices are linear in them. */
function priceShare(from: string | null, to: string | null): number {
  const cores = (size: string | null) => Number(/(\d+)(?:s_v5)?$/.exec(size ?? '')?.[1] ?? 0);
  const was = cores(from);
  const is = cores(to);
  return was > 0 && is > 0 ? is / was : 1;
}

function fresh(resources: WorldResource[]): WorldState {
  return {
    resources,
    snapshots: [],
    mutations: [],
    bill: {},
    busySince: {},
    noCapacity: [],
    snapshotFails: [],
    billAhead: 0,
  };
}
