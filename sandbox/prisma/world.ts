import type { Estate, SeededAsset } from '../estate/types.ts';
import type { PrismaState } from './state.ts';
import type { CloudState, PrismaSimulatorOptions } from './types.ts';

/** How the platform sees one asset now. */
export interface Sight {
  /** As its configuration shows it. */
  readonly state: CloudState;
  /** As its alerts show it: they follow later. */
  readonly evaluated: CloudState;
  /** Epoch ms at which the configuration was taken in. */
  readonly insertTs: number;
  /** Epoch ms at which the alerts were evaluated. */
  readonly evaluatedAt: number;
}

export interface World {
  readonly estate: Estate;
  readonly state: PrismaState;
  readonly clock: () => number;
  readonly untidyPages: boolean;
  readonly unknownApiNames: readonly string[];
  readonly malformedRows: boolean;
  readonly scanPolls: number;
  /** Asks the cloud, as the platform does all the time, and remembers a change. */
  look(asset: SeededAsset): Promise<void>;
  sight(asset: SeededAsset): Sight;
}

export function createWorld(options: PrismaSimulatorOptions, state: PrismaState): World {
  const { estate, clock = Date.now, ingestDelayMs = 0, resolveDelayMs = 200 } = options;
  const stateOf = options.stateOf ?? (() => 'present' as const);
  const seeded = (estate.seededAt - 2 * 3600) * 1000;
  return {
    estate,
    state,
    clock,
    untidyPages: options.untidyPages ?? true,
    unknownApiNames: options.unknownApiNames ?? [],
    malformedRows: options.malformedRows ?? true,
    scanPolls: options.scanPolls ?? 3,
    look: async (asset) => {
      const seededSize = asset.instance?.instanceType ?? null;
      const size = seededSize === null ? null : ((await options.sizeOf?.(asset)) ?? seededSize);
      const found = { state: await stateOf(asset), size };
      const last = state.observations[asset.name] ?? { state: 'present', size: seededSize };
      if (last.state === found.state && (found.state === 'gone' || last.size === found.size)) return;
      state.observations[asset.name] = { ...found, at: clock() };
      state.save();
    },
    sight: (asset) => {
      const seen = state.observations[asset.name];
      const shown = seen !== undefined && clock() >= seen.at + ingestDelayMs;
      const judged = seen !== undefined && clock() >= seen.at + resolveDelayMs;
      return {
        state: shown ? seen.state : 'present',
        evaluated: judged ? seen.state : 'present',
        insertTs: shown ? seen.at + ingestDelayMs : seeded,
        evaluatedAt: judged ? seen.at + resolveDelayMs : seeded,
      };
    },
  };
}
