import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface ScanRecord {
  readonly id: string;
  readonly vendorId: string;
  readonly requestedAt: number;
  polls: number;
  outcome: string | null;
  endedAt: number | null;
}

/** What a scan found out, in force from `from` on (epoch ms). */
export interface Observation {
  readonly state: 'stopped' | 'gone';
  readonly from: number;
}

export interface NoteRecord {
  readonly id: string;
  readonly text: string;
  readonly createdAt: string;
}

export interface WizState {
  readonly scans: Record<string, ScanRecord>;
  readonly observations: Record<string, Observation>;
  readonly notes: Record<string, NoteRecord[]>;
  /** Writes the file, when there is one. */
  save(): void;
}

/** Everything the simulator remembers; a file makes it outlive a restart, written by rename so that it is never half. */
export function createState(file: string | undefined): WizState {
  const empty = { scans: {}, observations: {}, notes: {} };
  const stored = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as typeof empty) : empty;
  const data = { ...empty, ...stored };
  return {
    ...data,
    save: () => {
      if (!file) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify(data));
      renameSync(`${file}.new`, file);
    },
  };
}
