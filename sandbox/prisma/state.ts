import { loadState, saveState } from '../kit/state-file.ts';
import type { CloudState } from './types.ts';

/** What was last found in the cloud, and when it was first found so (epoch ms). */
export interface Observation {
  readonly state: CloudState;
  readonly size: string | null;
  readonly at: number;
}

export interface Dismissal {
  readonly note: string;
  readonly by: string;
  readonly at: number;
  /** Null: for good. */
  readonly until: number | null;
}

export interface PrismaState {
  /** By asset name. */
  readonly observations: Record<string, Observation>;
  /** By alert id. */
  readonly dismissals: Record<string, Dismissal>;
  readonly scan: { pollsLeft: number | null; scanTime: number | null };
  /** Writes the file, when there is one. */
  save(): void;
}

/** Everything the simulator remembers; a file makes it outlive a restart. */
export function createState(file: string | undefined): PrismaState {
  const empty = { observations: {}, dismissals: {}, scan: { pollsLeft: null, scanTime: null } };
  const data = loadState(file, 'tenant', empty);
  return {
    ...data,
    save: () => saveState(file, data),
  };
}
