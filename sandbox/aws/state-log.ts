import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MotoCall } from './moto.ts';
import type { WorldChange } from './types.ts';

/** Who asked for a change, as CloudTrail would name them. */
export interface Actor {
  readonly roleName: string;
  readonly sessionName: string;
  readonly sourceIdentity: string | null;
}

/** What the endpoint must do again, in order, to be where it was. */
export type LogEntry =
  | { k: 'estate'; seed: number; seededAt: number }
  | { k: 'call'; n: number; at: number; bornAt?: number; operation: string; call: MotoCall; actor: Actor }
  | { k: 'assets'; ids: Record<string, { resourceId: string; assetKey: string }> }
  | { k: 'world'; at: number; change: WorldChange }
  | { k: 'bill'; days: number };

export interface StateLog {
  /** Entries from an earlier life; empty when there was none, or when its seeding never finished. */
  readonly past: readonly LogEntry[];
  append(entry: LogEntry): void;
}

/** Appends to a file of JSON lines, or remembers nothing when `file` is not given. */
export function openStateLog(file: string | undefined): StateLog {
  if (file === undefined) return { past: [], append: () => undefined };
  const past = readEntries(file);
  const complete = past.some((e) => e.k === 'assets');
  mkdirSync(dirname(file), { recursive: true });
  if (!complete) rmSync(file, { force: true });
  else if (!readFileSync(file, 'utf8').endsWith('\n'))
    writeFileSync(file, past.map((e) => `${JSON.stringify(e)}\n`).join(''));
  return {
    past: complete ? past : [],
    append: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`),
  };
}

/** Seed and time of the estate a state file holds, so that the same estate can be built again. Null: nothing to restore. */
export function readSavedEstate(file: string): { seed: number; seededAt: number } | null {
  const entries = readEntries(file);
  const estate = entries.find((e) => e.k === 'estate');
  return estate && entries.some((e) => e.k === 'assets') ? { seed: estate.seed, seededAt: estate.seededAt } : null;
}

function readEntries(file: string): LogEntry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // A kill in the middle of an append leaves a half line at the end; its effect was never answered.
  const whole = lines.slice(0, -1);
  return whole.map((line) => JSON.parse(line) as LogEntry);
}
