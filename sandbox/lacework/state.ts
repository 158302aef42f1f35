import { loadState, saveState } from '../kit/state-file.ts';
import type { CloudState } from './types.ts';

/** One look at a whole cloud. What it did not find as seeded is named; everything else was present. */
export interface Collection {
  readonly csp: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** From when on its rows can be found. */
  readonly visibleAt: number;
  readonly changed: Readonly<Record<string, Exclude<CloudState, 'present'>>>;
}

export interface Comment {
  readonly id: string;
  readonly text: string;
  readonly at: string;
}

export interface LaceworkState {
  /** When it was first started: what was collected before shows the seeded estate. */
  readonly born: { at: number };
  readonly collections: Collection[];
  /** Scan that was asked for and is not done yet, by cloud. */
  readonly scans: Record<string, { requestedAt: number; polls: number }>;
  /** Since when an asset with alerts was seen not to be present, by name. */
  readonly leftAt: Record<string, number>;
  /** Alerts somebody closed. */
  readonly closed: Record<string, number>;
  readonly comments: Record<string, Comment[]>;
  /** Writes the file, when there is one. */
  save(): void;
}

/** Everything the simulator remembers; a file makes it outlive a restart. */
export function createState(file: string | undefined): LaceworkState {
  const empty = { born: { at: 0 }, collections: [], scans: {}, leftAt: {}, closed: {}, comments: {} };
  const data = loadState(file, 'tenant', empty);
  return {
    ...data,
    save: () => saveState(file, data),
  };
}
