import { loadState, saveState } from '../kit/state-file.ts';

export interface ScanRecord {
  readonly assetUniqueId: string;
  polls: number;
  ended: 'done' | 'failed' | null;
}

/** What a look at the cloud found out, in force from `from` on (epoch ms). */
export interface Observation {
  readonly state: 'stopped' | 'gone';
  readonly lookedAt: number;
  readonly from: number;
}

export interface CommentRecord {
  readonly id: string;
  readonly comment: string;
  readonly createdAt: string;
}

interface Data {
  readonly scans: Record<string, ScanRecord>;
  readonly observations: Record<string, Observation>;
  readonly comments: Record<string, CommentRecord[]>;
  /** Asset → epoch ms of its last discovery. */
  readonly discovered: Record<string, number>;
}

export interface OrcaState extends Data {
  /** Writes the file, when there is one. */
  save(): void;
}

/** Everything the simulator remembers; a file makes it outlive a restart. */
export function createState(file: string | undefined): OrcaState {
  const data = loadState<Data>(file, 'tenant', { scans: {}, observations: {}, comments: {}, discovered: {} });
  return {
    ...data,
    save: () => saveState(file, data),
  };
}
