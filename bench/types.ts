import type { Log } from '../sandbox/servers/resolution.ts';

/** One line of the table. `met` is null where there is no aim, or nothing to compare. */
export interface Measure {
  readonly name: string;
  readonly value: string;
  readonly aim: string | null;
  readonly met: boolean | null;
}

export interface BenchResult {
  readonly measures: readonly Measure[];
  /** What a reader must know to read the numbers right. */
  readonly notes: readonly string[];
  /** The samples behind them, for latest.json. */
  readonly samples: unknown;
}

export interface BenchContext {
  /** A folder of its own, removed afterwards. */
  readonly folder: string;
  readonly log: Log;
  readonly env: NodeJS.ProcessEnv;
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  run(context: BenchContext): Promise<BenchResult>;
}

/** A measure without an aim. */
export function measure(name: string, value: string): Measure {
  return { name, value, aim: null, met: null };
}

/** A measure that is compared with an aim. */
export function against(name: string, value: string, aim: { text: string; met: boolean | null }): Measure {
  return { name, value, aim: aim.text, met: aim.met };
}
